import { type ConsoleCommand, THEMES } from './command.ts'
import { fields, type Json, message, type Output, table } from './output.ts'
import { usageOf } from './parameter.ts'

/** Everything about one command. */
export function helpOf(command: ConsoleCommand): Output {
  const { summary, parameters, aliases = [], details, example } = command
  const lines = [
    summary,
    '',
    `usage:   ${usageOf(command)}`,
    ...parameters.map(
      ({ name, help, isOptional }) =>
        `         ${name}: ${isOptional === true ? '(optional) ' : ''}${help}`,
    ),
    `example: ${example}`,
    ...(aliases.length === 0 ? [] : [`also:    ${aliases.join(', ')}`]),
    ...(details === undefined ? [] : ['', details]),
  ]
  return message(lines.join('\n'), {
    name: command.name,
    aliases,
    theme: command.theme,
    summary,
    usage: usageOf(command),
    parameters: parameters.map(({ name, help, isOptional, kind }): Json => ({
      name,
      kind,
      help,
      isOptional: isOptional === true,
    })),
    example,
    details: details ?? null,
  })
}

/** All commands by theme. */
export function helpOfAll(commands: readonly ConsoleCommand[]): Output {
  const sections = THEMES.map((theme) => {
    const rows = commands
      .filter((command) => command.theme === theme)
      .map(({ name, aliases = [], summary }) => [[name, ...aliases].join(', '), summary])
    return [theme, table(['command', 'what it does'], rows, '')] as const
  })
  const advice = fields([
    ['help COMMAND', 'tells how a command is called, as COMMAND -h does'],
    ['several commands', 'are separated by ;'],
  ])
  return { kind: 'sections', sections: [...sections, ['', advice]] }
}

import type { ErrorStory } from '@bcos-ts/node'
import { EXIT_OK, UsageError } from '../errors.ts'
import { errorStories, findStories, nearestCodes, numberText, titleOf } from '../explain/stories.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

const QUERY_LENGTH_MAX = 200

export function addExplain({ program, terminal, action }: CommandContext): void {
  program
    .command('explain')
    .description(
      'tell cause, evidence and remedy of an error code or number; without one, list all',
    )
    .argument('[code]', 'CONFIG_SYNTAX, -40011, 0x16, RevertInstruction, …')
    // Negative numbers are codes, not options.
    .allowUnknownOption()
    .action(
      action(async (code: string | undefined) => {
        if (code === undefined) listAll(terminal)
        else explain(terminal, code)
        return EXIT_OK
      }),
    )
}

function explain(terminal: Terminal, code: string): void {
  const stories = code.length > QUERY_LENGTH_MAX ? [] : findStories(code)
  if (stories.length === 0) {
    const near = nearestCodes(code.slice(0, QUERY_LENGTH_MAX)).join(', ')
    throw new UsageError('code', `"${code}" is not known; near it are ${near}`)
  }
  for (const [index, story] of stories.entries()) {
    if (index > 0) terminal.print('')
    terminal.print(storyText(terminal, story))
  }
}

function storyText(terminal: Terminal, story: ErrorStory): string {
  const { bold } = terminal.colors
  return [
    bold(story.code),
    titleOf(story),
    '',
    `${bold('Cause')}     ${story.cause}`,
    `${bold('Evidence')}  ${story.evidence}`,
    `${bold('Remedy')}    ${story.remedy}`,
  ].join('\n')
}

function listAll(terminal: Terminal): void {
  let area: string | undefined
  for (const story of errorStories) {
    if (story.area !== area) {
      terminal.print(`${area === undefined ? '' : '\n'}${story.area}`)
      area = story.area
    }
    terminal.print(`  ${story.code}${numberSuffix(story)}`)
  }
}

function numberSuffix(story: ErrorStory): string {
  const number = numberText(story)
  return number === undefined ? '' : `  ${number}`
}

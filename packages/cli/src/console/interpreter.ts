import { Arguments } from './arguments.ts'
import type { ConsoleCommand } from './command.ts'
import { UnknownCommandError } from './errors.ts'
import { helpOf } from './help.ts'
import { nameOf } from './line.ts'
import type { Output } from './output.ts'
import type { Session } from './session.ts'
import { nearestNames } from './suggest.ts'

const HELP_FLAGS: ReadonlySet<string> = new Set(['-h', '--help', '-help'])

/** Finds commands by any of their names, and runs them. */
export class Interpreter {
  readonly commands: readonly ConsoleCommand[]
  readonly #session: Session
  readonly #byName: ReadonlyMap<string, ConsoleCommand>

  constructor(session: Session, commands: readonly ConsoleCommand[]) {
    this.commands = commands
    this.#session = session
    this.#byName = new Map(
      commands.flatMap((command) =>
        namesOf(command).map((name) => [name.toLowerCase(), command] as const),
      ),
    )
  }

  /** The command of a name in any spelling. Throws `CONSOLE_UNKNOWN_COMMAND`. */
  find(name: string): ConsoleCommand {
    const found = this.#byName.get(name.toLowerCase())
    if (found !== undefined) return found
    throw new UnknownCommandError(name, nearestNames(name, this.commands.flatMap(namesOf)))
  }

  /** Runs one command, without a `;` behind it. Throws what the command throws. */
  async run(text: string): Promise<Output> {
    const command = this.find(nameOf(text))
    const [first = ''] = text.slice(nameOf(text).length).trim().split(/\s/)
    if (HELP_FLAGS.has(first)) return helpOf(command)
    return command.run(this.#session, Arguments.of(command, text))
  }
}

export function namesOf({ name, aliases = [] }: ConsoleCommand): readonly string[] {
  return [name, ...aliases]
}

import type { Clock } from '@bcos-ts/common'
import type { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

/** What a command gets to be added to the command line, and to run. */
export interface CommandContext {
  readonly program: Command
  readonly terminal: Terminal
  readonly clock: Clock
  /** Wraps an action: what it resolves with becomes the exit code. */
  readonly action: <TArguments extends readonly unknown[]>(
    run: (...given: TArguments) => Promise<number>,
  ) => (...given: TArguments) => Promise<void>
}

import { EXIT_OK, exitCodeOf } from '../errors.ts'
import type { Interpreter } from './interpreter.ts'
import { splitCommands } from './line.ts'
import type { Reporter } from './report.ts'
import type { Session } from './session.ts'

export interface ScriptInit {
  readonly session: Session
  readonly interpreter: Interpreter
  readonly reporter: Reporter
  /** Whether commands behind a failure are run too. */
  readonly isKeptGoing: boolean
}

/**
 * Runs commands one after the other until one fails, or until `quit`. Resolves with the exit code of the first
 * failure, or 0.
 */
export async function runScript(
  { session, interpreter, reporter, isKeptGoing }: ScriptInit,
  texts: AsyncIterable<string> | Iterable<string>,
): Promise<number> {
  let exitCode = EXIT_OK
  const failed = (command: string, error: unknown): void => {
    reporter.failure(command, error)
    if (exitCode === EXIT_OK) exitCode = exitCodeOf(error)
  }
  const isDone = (): boolean => session.isOver || (exitCode !== EXIT_OK && !isKeptGoing)
  for await (const text of texts) {
    for (const command of commandsOf(text, failed)) {
      if (isDone()) break
      try {
        reporter.result(command, await interpreter.run(command))
      } catch (error) {
        failed(command, error)
      }
    }
    if (isDone()) break
  }
  return exitCode
}

function commandsOf(
  text: string,
  failed: (command: string, error: unknown) => void,
): readonly string[] {
  try {
    return splitCommands(text)
  } catch (error) {
    failed(text, error)
    return []
  }
}

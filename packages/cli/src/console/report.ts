/**
 * How results and failures leave the console: as text, or as JSON, a line for each command.
 * @module
 */
import { isBcosError, messageOf } from '@bcos-ts/common'
import { systemCodeOf } from '../files.ts'
import { reportError } from '../report-error.ts'
import type { Terminal } from '../terminal.ts'
import { type Output, toJson } from './output.ts'
import { dataOf, render } from './render.ts'

export interface Reporter {
  result(command: string, output: Output): void
  failure(command: string, error: unknown): void
}

export function textReporter(terminal: Terminal, isVerbose: boolean): Reporter {
  return {
    result: (_, output) => {
      const text = render(output, terminal)
      if (text !== '') terminal.print(text)
    },
    failure: (_, error) => reportError(terminal, error, isVerbose),
  }
}

export function jsonReporter(terminal: Terminal): Reporter {
  const print = (line: object): void => terminal.print(JSON.stringify(line))
  return {
    result: (command, output) => print({ command, result: dataOf(output) }),
    failure: (command, error) =>
      print({
        command,
        error: {
          code: isBcosError(error) ? error.code : (systemCodeOf(error) ?? 'INTERNAL'),
          message: messageOf(error),
          details: isBcosError(error) ? toJson(error.details) : {},
        },
      }),
  }
}

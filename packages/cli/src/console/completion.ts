/**
 * What a Tab offers.
 * @module
 */
import type { ConsoleCommand } from './command.ts'
import { namesOf } from './interpreter.ts'
import type { Parameter, ParameterKind } from './parameter.ts'

/** Where names come from. Answers with none rather than to disturb who types. */
export interface CompletionSource {
  /** Names for a parameter; `words` are those before it, the command's name first. */
  names(kind: ParameterKind, words: readonly string[]): Promise<readonly string[]>
}

const LAST_COMMAND = /[^;]*$/
/** Where a table's name stands in SQL. */
const SQL_TABLE = /(?:\b(?:from|into|update|desc|describe)\s+)(\S*)$/i

/** Names that may stand where the line ends, and the part of the line that they replace. */
export async function completionsOf(
  line: string,
  commands: readonly ConsoleCommand[],
  source: CompletionSource,
): Promise<[hits: string[], replaced: string]> {
  const [command = ''] = LAST_COMMAND.exec(line) ?? []
  const words = command.trimStart().split(/\s+/)
  const typed = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const [name] = before
  if (name === undefined) return offer(typed, commands.flatMap(namesOf))
  const found = commands.find((one) =>
    namesOf(one).some((spelling) => spelling.toLowerCase() === name.toLowerCase()),
  )
  if (found?.isText === true) {
    const isTable = SQL_TABLE.test(command)
    return offer(typed, isTable ? await source.names('table', before) : [])
  }
  const parameter = found === undefined ? undefined : parameterAt(found, before.length - 1)
  return offer(typed, parameter === undefined ? [] : await source.names(parameter.kind, before))
}

function parameterAt({ parameters }: ConsoleCommand, index: number): Parameter | undefined {
  const last = parameters.at(-1)
  return parameters[index] ?? (last?.isRest === true ? last : undefined)
}

function offer(typed: string, names: readonly string[]): [string[], string] {
  const wanted = typed.toLowerCase()
  const hits = names.filter((name) => name.toLowerCase().startsWith(wanted))
  return [hits.toSorted(), typed]
}

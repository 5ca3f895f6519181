import { posix } from 'node:path'
import { SourceNotFoundError } from './errors.ts'

/** The text of a source unit, or `undefined` when there is none of that name. */
export type ReadSource = (unit: string) => Promise<string | undefined>

/** More than any contract imports: what exceeds it is a folder of something else. */
const UNITS_MAX = 500

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
const IMPORT = /(?<=^|[;}])\s*import\s+(?:[^'";]*?\sfrom\s+)?["']([^"']+)["']/gm
const PRAGMA = /(?<=^|[;}])\s*pragma\s+solidity\s+([^;]+);/gm

/** A source and all that it imports, by unit name. Throws `CLI_SOLIDITY_NOT_FOUND`. */
export async function collectSources(
  main: string,
  read: ReadSource,
): Promise<ReadonlyMap<string, string>> {
  const sources = new Map<string, string>()
  const wanted: { readonly unit: string; readonly by: string }[] = [{ unit: main, by: '' }]
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    const { unit, by } = next
    if (sources.has(unit)) continue
    const text = await read(unit)
    if (text === undefined || sources.size === UNITS_MAX) {
      throw new SourceNotFoundError(unit, by === '' ? 'it cannot be read' : `${by} imports it`)
    }
    sources.set(unit, text)
    for (const imported of importsOf(unit, text)) wanted.push({ unit: imported, by: unit })
  }
  return sources
}

/** Unit names that a source imports, as the compiler resolves them. */
function importsOf(unit: string, text: string): readonly string[] {
  return [...withoutComments(text).matchAll(IMPORT)].map(([, path = '']) =>
    path.startsWith('.') ? posix.join(posix.dirname(unit), path) : path,
  )
}

/** What a source says about its compiler, one text for each pragma. */
export function pragmasOf(text: string): readonly string[] {
  return [...withoutComments(text).matchAll(PRAGMA)].map(([, range = '']) => range.trim())
}

function withoutComments(text: string): string {
  return text.replaceAll(COMMENT, ' ')
}

/**
 * Archives in the ustar format (POSIX.1-1988), packed with gzip.
 * @module
 */
import { gzipSync } from 'node:zlib'
import { assert, concatBytes, utf8 } from '@bcos-ts/common'
import type { PlannedFile } from './planned-file.ts'

const BLOCK_BYTES = 512
const NAME_BYTES = 100
const FOLDER = '5'
const FILE = '0'

interface Entry {
  readonly path: string
  readonly mode: number
  readonly bytes: number
  readonly type: typeof FOLDER | typeof FILE
}

/** `.tar.gz` of files and the folders they stand in. `timeMs` becomes the time of all of them. */
export function tarGzip(files: readonly PlannedFile[], timeMs: number): Uint8Array {
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)))
  const parts = [...folders].map((path) =>
    header({ path: `${path}/`, mode: 0o755, bytes: 0, type: FOLDER }, timeMs),
  )
  for (const { path, content, mode } of files) {
    const bytes = typeof content === 'string' ? utf8(content) : content
    const padding = new Uint8Array((BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES)
    parts.push(header({ path, mode, bytes: bytes.length, type: FILE }, timeMs), bytes, padding)
  }
  return new Uint8Array(gzipSync(concatBytes(...parts, new Uint8Array(2 * BLOCK_BYTES))))
}

/** `a`, `a/b` of `a/b/c`. */
function foldersOf(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1)
  return names.map((_, index) => names.slice(0, index + 1).join('/'))
}

function header({ path, mode, bytes, type }: Entry, timeMs: number): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES)
  const put = (at: number, text: string): void => block.set(utf8(text), at)
  const { prefix, name } = splitPath(path)
  put(0, name)
  put(100, octal(mode, 7))
  put(108, octal(0, 7))
  put(116, octal(0, 7))
  put(124, octal(bytes, 11))
  put(136, octal(timeMs / 1000, 11))
  put(156, type)
  put(257, 'ustar\x0000')
  put(345, prefix)
  // The sum is taken with blanks in its own place.
  block.fill(0x20, 148, 156)
  put(
    148,
    `${octal(
      block.reduce((sum, byte) => sum + byte),
      6,
    )} `,
  )
  return block
}

function octal(value: number, digits: number): string {
  return `${Math.floor(value).toString(8).padStart(digits, '0')}\0`
}

/** A long path goes into two fields, cut at a slash. */
function splitPath(path: string): { readonly prefix: string; readonly name: string } {
  if (path.length <= NAME_BYTES) return { prefix: '', name: path }
  const cut = path.indexOf('/', path.length - NAME_BYTES - 1)
  assert(cut > 0 && cut <= 155 && cut < path.length - 1, `${path} is too long for an archive`)
  return { prefix: path.slice(0, cut), name: path.slice(cut + 1) }
}

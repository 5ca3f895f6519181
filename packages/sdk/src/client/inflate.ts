import { concatBytes, fromUtf8, messageOf } from '@bcos-ts/common'
import { InvalidAnswerError } from '../errors.ts'

interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
  cancel(): Promise<void>
}
interface ByteWriter {
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}
/** Of the platform: Node and browsers have it. */
declare class DecompressionStream {
  constructor(format: 'deflate')
  readonly readable: { getReader(): ByteReader }
  readonly writable: { getWriter(): ByteWriter }
}
declare function atob(text: string): string

/** More than any block can hold: a text that grows beyond is an attack. */
const TEXT_BYTES_MAX = 268_435_456

/** The text of base64 over zlib (RFC 1950). Throws `SDK_INVALID_ANSWER`. */
export async function inflateText(method: string, base64: string): Promise<string> {
  try {
    return fromUtf8(await inflate(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))))
  } catch (error) {
    throw new InvalidAnswerError(method, `it does not unpack: ${messageOf(error)}`, error)
  }
}

async function inflate(packed: Uint8Array): Promise<Uint8Array> {
  const stream = new DecompressionStream('deflate')
  const writer = stream.writable.getWriter()
  const reader = stream.readable.getReader()
  // A stream that is no zlib fails on both ends; the reader's end is the one that is looked at.
  const written = writer
    .write(packed)
    .then(() => writer.close())
    .catch(() => {})
  const pieces: Uint8Array[] = []
  let length = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const piece = next.value ?? new Uint8Array(0)
    length += piece.length
    if (length > TEXT_BYTES_MAX) {
      await reader.cancel()
      throw new RangeError(`more than ${TEXT_BYTES_MAX} bytes`)
    }
    pieces.push(piece)
  }
  await written
  return concatBytes(...pieces)
}

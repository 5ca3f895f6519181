import { createReadStream, existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { messageOf } from '@bcos-ts/common'
import { InvalidRecordingError } from '../errors.ts'

/** A block of a thousand large transactions has some megabytes. */
const LINE_LENGTH_MAX = 256 * 1024 * 1024
const LINE_FEED = 10

/**
 * The values of a packed file with one JSON text a line; none when there is no such file. `isGood` tells whether a
 * value is what the file should hold. Throws {@link InvalidRecordingError} that names the line.
 */
export async function* readLines<T>(
  file: string,
  isGood: (value: unknown) => value is T,
): AsyncIterable<T> {
  if (!existsSync(file)) return
  let number = 0
  try {
    for await (const line of splitLines(file)) {
      number += 1
      if (line === '') continue
      const value: unknown = JSON.parse(line)
      if (!isGood(value)) throw new Error('fields are missing or of another type')
      yield value
    }
  } catch (error) {
    const place = `${basename(file)}, after line ${Math.max(0, number - 1)}`
    throw new InvalidRecordingError(dirname(file), `${place}: ${messageOf(error)}`, error)
  }
}

async function* splitLines(file: string): AsyncIterable<string> {
  const unpacked = createGunzip()
  // A failure of the file destroys the unpacked stream with it, where the loop below meets it.
  pipeline(createReadStream(file), unpacked, () => {})
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of unpacked) {
    const bytes: Uint8Array = chunk
    rest += decoder.decode(bytes, { stream: true })
    if (rest.length > LINE_LENGTH_MAX) throw new Error('the line is too long')
    if (!bytes.includes(LINE_FEED)) continue
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

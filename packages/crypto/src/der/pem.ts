/**
 * Textual encoding of keys and certificates (RFC 7468).
 * @module
 */
import { bytesToText, textToBytes } from '@bcos-ts/common'
import { InvalidPemError } from '../errors.ts'

declare function atob(text: string): string
declare function btoa(text: string): string

/** A chain file holds three certificates; nothing of ours comes near this. */
const TEXT_LENGTH_MAX = 1_048_576
const LINE_LENGTH = 64

export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`, … */
  readonly label: string
  readonly der: Uint8Array
}

/** One block with lines of 64 characters and a newline at the end. */
export function encodePem(label: string, der: Uint8Array): string {
  const text = toBase64(der)
  const lines: string[] = []
  for (let at = 0; at < text.length; at += LINE_LENGTH) lines.push(text.slice(at, at + LINE_LENGTH))
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** All blocks in order; text around them is passed over. Throws `CRYPTO_INVALID_PEM` when there is none. */
export function decodePem(text: string): readonly [PemBlock, ...PemBlock[]] {
  if (text.length > TEXT_LENGTH_MAX)
    throw new InvalidPemError(`more than ${TEXT_LENGTH_MAX} characters`)
  const blocks: PemBlock[] = []
  let at = text.indexOf('-----BEGIN ')
  while (at >= 0) {
    const labelAt = at + '-----BEGIN '.length
    const labelEnd = text.indexOf('-----', labelAt)
    const label = text.slice(labelAt, labelEnd)
    const end = labelEnd < 0 ? -1 : text.indexOf(`-----END ${label}-----`, labelEnd)
    if (end < 0) throw new InvalidPemError('a block has no end')
    blocks.push({ label, der: fromBase64(text.slice(labelEnd + 5, end)) })
    at = text.indexOf('-----BEGIN ', end)
  }
  const [first, ...rest] = blocks
  if (first === undefined) throw new InvalidPemError('no block found')
  return [first, ...rest]
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(bytesToText(bytes))
}

/** White space is passed over. Throws `CRYPTO_INVALID_PEM`. */
export function fromBase64(text: string): Uint8Array {
  try {
    return textToBytes(atob(text))
  } catch {
    throw new InvalidPemError('the text between the lines is not base64')
  }
}

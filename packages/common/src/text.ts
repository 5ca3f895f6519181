/**
 * Byte strings as text: one character a byte (code points 0 to 255).
 *
 * Table names, keys, field names and values of the chain are bytes without an encoding. Held this way
 * they can be map keys, compare byte-wise with `<`, and take one byte of memory a byte.
 * Text that people read is UTF-8 inside: convert with {@link utf8ToText} and {@link textToUtf8}.
 * @module
 */
import { hostWrite, latin1Slice } from './host-buffer.ts'
import { allocBytes } from './slab.ts'

const CHUNK = 8192

/** A string in which every character stands for one byte. */
export type ByteText = string

export function bytesToText(bytes: Uint8Array): ByteText {
  if (latin1Slice !== undefined) return latin1Slice.call(bytes)
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += textOfChunk(bytes.subarray(at, at + CHUNK))
  }
  return text
}

/** Applied, not spread: spreading goes through an iterator and takes seven times as long. */
function textOfChunk(bytes: Uint8Array): ByteText {
  const text: string = Reflect.apply(String.fromCharCode, undefined, bytes)
  return text
}

export function textToBytes(text: ByteText): Uint8Array {
  const bytes = allocBytes(text.length)
  if (hostWrite(bytes, text, 'latin1') !== undefined) return bytes
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

declare const TextEncoder: new () => { encode(text: string): Uint8Array }
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string }

/** The UTF-8 bytes of ordinary text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Ordinary text of UTF-8 bytes; invalid sequences become U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** Byte text holding the UTF-8 form of ordinary text. */
export function utf8ToText(text: string): ByteText {
  return bytesToText(utf8(text))
}

/** Ordinary text of byte text that holds UTF-8. */
export function textToUtf8(text: ByteText): string {
  return fromUtf8(textToBytes(text))
}

export function compareText(a: ByteText, b: ByteText): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

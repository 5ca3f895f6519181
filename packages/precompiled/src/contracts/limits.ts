/**
 * How long names and values may be, bytes (spec 03 §16).
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import type { Entry } from '@bcos-ts/protocol/ports'
import { refuse } from '../framework/refusal.ts'

export const FIELD_NAME_BYTES_MAX = 64
export const FIELD_NAMES_BYTES_MAX = 1024
/** With the prefix of user tables. */
export const TABLE_NAME_BYTES_MAX = 50
/** What Permission accepts, with the prefix. */
export const GRANT_TABLE_NAME_BYTES_MAX = 64
const KEY_BYTES_MAX = 255
export const VALUE_BYTES_MAX = 16_777_215
export const CNS_NAME_BYTES_MAX = 128
export const CNS_VERSION_BYTES_MAX = 128

/** Refuses a longer text, in the words that receipts carry. */
export function checkLength(text: ByteText, bytesMax: number): void {
  if (text.length > bytesMax) refuse(`size of value/key greater than${bytesMax}`)
}

export function checkKey(key: ByteText): void {
  checkLength(key, KEY_BYTES_MAX)
}

/** Looks at every field of a row. */
export function checkValues(row: Entry): void {
  for (const [, value] of row.fields()) checkLength(value, VALUE_BYTES_MAX)
}

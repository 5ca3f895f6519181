import type { ByteText } from '@bcos-ts/common'

/**
 * One text for a table and a key: the length of the name in two bytes, the name, the key. No two pairs share
 * a place, whatever bytes are in them.
 */
export function placeOf(table: ByteText, key: ByteText): ByteText {
  return String.fromCharCode(table.length >> 8, table.length & 0xff) + table + key
}

export function splitPlace(place: ByteText): { readonly table: ByteText; readonly key: ByteText } {
  const end = 2 + (place.charCodeAt(0) << 8) + place.charCodeAt(1)
  return { table: place.slice(2, end), key: place.slice(end) }
}

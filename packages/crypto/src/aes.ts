/**
 * AES (FIPS 197) with keys of 16, 24 and 32 bytes, and AES-256-CBC.
 * @module
 */
import { rotl } from '@noble/hashes/utils.js'
import { type BlockCipher, type CbcEngine, portableCbc } from './cbc.ts'

const BLOCK_BYTES = 16

interface Tables {
  /** S-box and its inverse, §5.1.1 and §5.3.2. */
  readonly s: Uint8Array
  readonly inverse: Uint8Array
  /** MixColumns after SubBytes of the top byte of a column, and InvMixColumns after InvSubBytes. */
  readonly forward: Uint32Array
  readonly backward: Uint32Array
}

/** Product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (§4.2). */
function product(a: number, b: number): number {
  let sum = 0
  for (let bit = 0, shifted = a; bit < 8; bit++) {
    if ((b >>> bit) & 1) sum ^= shifted
    shifted = ((shifted << 1) ^ (shifted & 0x80 ? 0x11b : 0)) & 0xff
  }
  return sum
}

/** The affine map of §5.1.1. */
function affine(x: number): number {
  const twice = x | (x << 8)
  return (twice ^ (twice >> 4) ^ (twice >> 5) ^ (twice >> 6) ^ (twice >> 7) ^ 0x63) & 0xff
}

type Column = readonly [number, number, number, number]

function multiples(x: number, [a, b, c, d]: Column): number {
  return (product(x, a) << 24) | (product(x, b) << 16) | (product(x, c) << 8) | product(x, d)
}

/** The S-box is inversion and the affine map; 3 generates the field, and 0xf6 is the inverse of 3. */
function computeTables(): Tables {
  const s = new Uint8Array(256)
  const inverse = new Uint8Array(256)
  s[0] = affine(0)
  for (let power = 1, inverted = 1, i = 0; i < 255; i++) {
    s[power] = affine(inverted)
    power = product(power, 3)
    inverted = product(inverted, 0xf6)
  }
  for (let x = 0; x < 256; x++) inverse[s[x]!] = x
  return {
    s,
    inverse,
    forward: Uint32Array.from(s, (x) => multiples(x, [2, 1, 1, 3])),
    backward: Uint32Array.from(inverse, (x) => multiples(x, [14, 9, 13, 11])),
  }
}

const TABLES: Tables = /* @__PURE__ */ computeTables()

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** The four bytes of a word through a box: SubWord of §5.2. */
function substitute(box: Uint8Array, word: number): number {
  return (
    (box[word >>> 24]! << 24) |
    (box[(word >>> 16) & 0xff]! << 16) |
    (box[(word >>> 8) & 0xff]! << 8) |
    box[word & 0xff]!
  )
}

/** A column through a box and the mixing of columns, by four look-ups. */
function mix(table: Uint32Array, word: number): number {
  return (
    table[word >>> 24]! ^
    rotl(table[(word >>> 16) & 0xff]!, 24) ^
    rotl(table[(word >>> 8) & 0xff]!, 16) ^
    rotl(table[word & 0xff]!, 8)
  )
}

/** KeyExpansion, §5.2. */
function expandKey(key: Uint8Array): Uint32Array {
  const { s } = TABLES
  const view = viewOf(key)
  const keyWords = key.length / 4
  const w = new Uint32Array(4 * (keyWords + 7))
  for (let i = 0; i < keyWords; i++) w[i] = view.getUint32(4 * i)
  let rcon = 1
  for (let i = keyWords; i < w.length; i++) {
    let word = w[i - 1]!
    if (i % keyWords === 0) {
      word = substitute(s, rotl(word, 8)) ^ (rcon << 24)
      rcon = product(rcon, 2)
    } else if (keyWords > 6 && i % keyWords === 4) {
      word = substitute(s, word)
    }
    w[i] = w[i - keyWords]! ^ word
  }
  return w
}

/** Round keys of the equivalent inverse cipher, §5.3.5: last first, the inner ones through InvMixColumns. */
function invertKey(w: Uint32Array): Uint32Array {
  const { s, backward } = TABLES
  const inverted = new Uint32Array(w.length)
  for (let i = 0; i < w.length; i++) {
    const word = w[w.length - 4 - (i & ~3) + (i & 3)]!
    const isInner = i >= 4 && i < w.length - 4
    // The table substitutes too: the S-box before it undoes that.
    inverted[i] = isInner ? mix(backward, substitute(s, word)) : word
  }
  return inverted
}

/** Both directions have one form: rounds of `mix`, then a substitution. ShiftRows turns the other way round. */
interface Direction {
  readonly roundKeys: Uint32Array
  readonly table: Uint32Array
  readonly box: Uint8Array
  /** How many columns on the second byte comes from: 1, or 3 backwards. */
  readonly shift: 1 | 3
}

/** Column `j` after ShiftRows, §5.1.2: each byte from another column. */
function shiftedColumn(state: readonly number[], j: number, shift: number): number {
  return (
    (state[j]! & 0xff000000) |
    (state[(j + shift) & 3]! & 0x00ff0000) |
    (state[(j + 2) & 3]! & 0x0000ff00) |
    (state[(j - shift) & 3]! & 0x000000ff)
  )
}

function crypt(direction: Direction, input: Uint8Array, at: number, output: Uint8Array): void {
  const { roundKeys, table, box, shift } = direction
  const view = viewOf(input)
  const lastKey = roundKeys.length - 4
  let state = [0, 1, 2, 3].map((j) => view.getUint32(at + 4 * j) ^ roundKeys[j]!)
  for (let k = 4; k < lastKey; k += 4) {
    const before = state
    state = before.map((_, j) => mix(table, shiftedColumn(before, j, shift)) ^ roundKeys[k + j]!)
  }
  const result = viewOf(output)
  for (let j = 0; j < 4; j++) {
    const last = substitute(box, shiftedColumn(state, j, shift))
    result.setUint32(4 * j, last ^ roundKeys[lastKey + j]!)
  }
}

/** AES with a key of 16, 24 or 32 bytes, block by block. */
export function aes(key: Uint8Array): BlockCipher {
  const w = expandKey(key)
  const forward: Direction = { roundKeys: w, table: TABLES.forward, box: TABLES.s, shift: 1 }
  const backward: Direction = {
    roundKeys: invertKey(w),
    table: TABLES.backward,
    box: TABLES.inverse,
    shift: 3,
  }
  return {
    blockBytes: BLOCK_BYTES,
    encryptBlock: (input, at, output) => crypt(forward, input, at, output),
    decryptBlock: (input, at, output) => crypt(backward, input, at, output),
  }
}

/** AES-CBC with PKCS#7 padding in portable code. */
export function portableAesCbc(keyBytes: 16 | 24 | 32): CbcEngine {
  return portableCbc({ keyBytes, blockBytes: BLOCK_BYTES }, aes)
}

/** AES-256-CBC with PKCS#7 padding in portable code. */
export const portableAes256Cbc: CbcEngine = /* @__PURE__ */ portableAesCbc(32)

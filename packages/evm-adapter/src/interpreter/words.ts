/**
 * Arithmetic on words of 256 bits. Most words of real contracts are small (offsets, lengths, flags), and a number
 * needs no memory of its own, so a word is a number wherever it can be.
 * @module
 */

/**
 * A value from 0 to 2^256 - 1 in its only form: a number up to {@link SAFE}, a bigint above it. Two words are
 * therefore the same value exactly when they are `===`.
 */
export type Word = number | bigint

/** The largest word that is a number: 2^53 - 1. */
export const SAFE: number = Number.MAX_SAFE_INTEGER

const SAFE_BIG = BigInt(SAFE)
const MASK = 2n ** 256n - 1n
const BITS_OF_NUMBER = 53
const LIMB = 2 ** 32

/** A value below 2^256 in its form. */
export function toWord(value: bigint): Word {
  return value <= SAFE_BIG ? Number(value) : value
}

/** Any value modulo 2^256. */
function wrapWord(value: bigint): Word {
  return toWord(BigInt.asUintN(256, value))
}

export function fromWord(word: Word): bigint {
  return typeof word === 'number' ? BigInt(word) : word
}

/** The low bits of a word as a number. At most 53. */
function lowBits(word: Word, bits: number): number {
  return typeof word === 'number' ? word % 2 ** bits : Number(BigInt.asUintN(bits, word))
}

/** The low 32 bits. */
export function lowInt32(word: Word): number {
  return typeof word === 'number' ? word >>> 0 : Number(BigInt.asUintN(32, word))
}

function signed(word: Word): bigint {
  return BigInt.asIntN(256, fromWord(word))
}

export function add(a: Word, b: Word): Word {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (sum <= SAFE) return sum
  }
  return wrapWord(fromWord(a) + fromWord(b))
}

export function sub(a: Word, b: Word): Word {
  if (typeof a === 'number' && typeof b === 'number' && a >= b) return a - b
  return wrapWord(fromWord(a) - fromWord(b))
}

export function mul(a: Word, b: Word): Word {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (product <= SAFE) return product
  }
  return wrapWord(fromWord(a) * fromWord(b))
}

export function div(a: Word, b: Word): Word {
  if (b === 0) return 0
  // A quotient of doubles may round up to the next integer; this one divides without a rest.
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b
  return toWord(fromWord(a) / fromWord(b))
}

export function sdiv(a: Word, b: Word): Word {
  if (typeof a === 'number' && typeof b === 'number') return div(a, b)
  return b === 0 ? 0 : wrapWord(signed(a) / signed(b))
}

export function mod(a: Word, b: Word): Word {
  if (b === 0) return 0
  if (typeof a === 'number' && typeof b === 'number') return a % b
  return toWord(fromWord(a) % fromWord(b))
}

export function smod(a: Word, b: Word): Word {
  if (typeof a === 'number' && typeof b === 'number') return mod(a, b)
  return b === 0 ? 0 : wrapWord(signed(a) % signed(b))
}

export function addmod(a: Word, b: Word, n: Word): Word {
  return n === 0 ? 0 : toWord((fromWord(a) + fromWord(b)) % fromWord(n))
}

export function mulmod(a: Word, b: Word, n: Word): Word {
  return n === 0 ? 0 : toWord((fromWord(a) * fromWord(b)) % fromWord(n))
}

/** Square and multiply, modulo 2^256. */
export function exp(base: Word, exponent: Word): Word {
  if (base === 2) return shl(exponent, 1)
  let result = 1n
  let square = fromWord(base)
  for (let rest = fromWord(exponent); rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = BigInt.asUintN(256, result * square)
    square = BigInt.asUintN(256, square * square)
  }
  return toWord(result)
}

/** Bytes of a word without leading zeros. */
export function significantBytes(word: Word): number {
  return word === 0 ? 0 : Math.ceil(word.toString(16).length / 2)
}

/** Of the sign at byte `size`, counted from the lowest. */
export function signextend(size: Word, x: Word): Word {
  if (size >= 31) return x
  return wrapWord(BigInt.asIntN(8 * (Number(size) + 1), fromWord(x)))
}

export function lt(a: Word, b: Word): boolean {
  return a < b
}

export function gt(a: Word, b: Word): boolean {
  return a > b
}

export function slt(a: Word, b: Word): boolean {
  return typeof a === 'number' && typeof b === 'number' ? a < b : signed(a) < signed(b)
}

export function sgt(a: Word, b: Word): boolean {
  return slt(b, a)
}

export function eq(a: Word, b: Word): boolean {
  return a === b
}

export function iszero(a: Word): boolean {
  return a === 0
}

export function and(a: Word, b: Word): Word {
  if (typeof a === 'number' || typeof b === 'number') {
    const x = lowBits(a, BITS_OF_NUMBER)
    const y = lowBits(b, BITS_OF_NUMBER)
    return (Math.floor(x / LIMB) & Math.floor(y / LIMB)) * LIMB + ((x & y) >>> 0)
  }
  return toWord(a & b)
}

export function or(a: Word, b: Word): Word {
  if (typeof a === 'number' && typeof b === 'number') {
    return (Math.floor(a / LIMB) | Math.floor(b / LIMB)) * LIMB + ((a | b) >>> 0)
  }
  return fromWord(a) | fromWord(b)
}

export function xor(a: Word, b: Word): Word {
  if (typeof a === 'number' && typeof b === 'number') {
    return (Math.floor(a / LIMB) ^ Math.floor(b / LIMB)) * LIMB + ((a ^ b) >>> 0)
  }
  return toWord(fromWord(a) ^ fromWord(b))
}

/** The lowest `bits` bits. */
export function truncate(bits: number, a: Word): Word {
  return typeof a === 'number' && bits >= BITS_OF_NUMBER
    ? a
    : toWord(BigInt.asUintN(bits, fromWord(a)))
}

export function not(a: Word): Word {
  return toWord(MASK ^ fromWord(a))
}

/** Byte `n` of a word, 0 being the highest. */
export function byte(n: Word, x: Word): Word {
  if (n > 31) return 0
  return Number((fromWord(x) >> BigInt(8 * (31 - Number(n)))) & 0xffn)
}

export function shl(n: Word, x: Word): Word {
  if (n >= 256) return 0
  if (typeof x === 'number' && n < BITS_OF_NUMBER) {
    const product = x * 2 ** Number(n)
    if (product <= SAFE) return product
  }
  return wrapWord(fromWord(x) << fromWord(n))
}

export function shr(n: Word, x: Word): Word {
  if (n >= 256) return 0
  if (typeof x === 'number') return Math.floor(x / 2 ** Number(n))
  return toWord(x >> fromWord(n))
}

export function sar(n: Word, x: Word): Word {
  if (typeof x === 'number') return shr(n, x)
  return wrapWord(signed(x) >> (n >= 256 ? 255n : fromWord(n)))
}

/** The word of 32 bytes at `at`. */
export function loadWord(view: DataView, at: number): Word {
  const high =
    view.getInt32(at) |
    view.getInt32(at + 4) |
    view.getInt32(at + 8) |
    view.getInt32(at + 12) |
    view.getInt32(at + 16) |
    view.getInt32(at + 20)
  if (high === 0) {
    const middle = view.getUint32(at + 24)
    if (middle < 2 ** 21) return middle * LIMB + view.getUint32(at + 28)
  }
  return loadBigWord(view, at)
}

function loadBigWord(view: DataView, at: number): bigint {
  const low = (view.getBigUint64(at + 16) << 64n) | view.getBigUint64(at + 24)
  const middle = view.getBigUint64(at + 8)
  const top = view.getBigUint64(at)
  if (top !== 0n) return (((top << 64n) | middle) << 128n) | low
  return middle === 0n ? low : (middle << 128n) | low
}

export function storeWord(view: DataView, at: number, word: Word): void {
  if (typeof word === 'number') {
    // Eight bytes of zeros each.
    view.setFloat64(at, 0)
    view.setFloat64(at + 8, 0)
    view.setFloat64(at + 16, 0)
    view.setUint32(at + 24, Math.floor(word / LIMB))
    view.setUint32(at + 28, word)
    return
  }
  // A DataView keeps the low 64 bits of what it is given.
  view.setBigUint64(at + 24, word)
  view.setBigUint64(at + 16, word >> 64n)
  view.setBigUint64(at + 8, word >> 128n)
  view.setBigUint64(at, word >> 192n)
}

/** Words pass through here on their way from and to byte strings: a view of every string would cost more than the word. */
const TRANSIT = new Uint8Array(32)
const TRANSIT_VIEW = new DataView(TRANSIT.buffer)

/** The word of 32 bytes from `from`, zeros where the string has ended. */
export function wordOfBytes(bytes: Uint8Array, from: number): Word {
  for (let i = 0; i < 32; i++) TRANSIT[i] = bytes[from + i] ?? 0
  return loadWord(TRANSIT_VIEW, 0)
}

/** 32 bytes. */
export function bytesOfWord(word: Word): Uint8Array {
  storeWord(TRANSIT_VIEW, 0, word)
  return TRANSIT.slice()
}

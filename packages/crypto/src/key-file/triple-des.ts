/**
 * Triple DES (NIST SP 800-67): only to open and to write the password-protected account files that the tools
 * of 2.x exchange. Written for clarity, bit by bit; nothing else should use it.
 * @module
 */
import { type BlockCipher, type CbcEngine, portableCbc } from '../cbc.ts'

/** Tables of FIPS 46-3. Positions count from 1, as there. */
// oxfmt-ignore
const INITIAL = [
  58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4,
  62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
  57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3,
  61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
]
// oxfmt-ignore
const EXPANSION = [
  32, 1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9, 8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17,
  16, 17, 18, 19, 20, 21, 20, 21, 22, 23, 24, 25, 24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1,
]
// oxfmt-ignore
const PERMUTATION = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10,
  2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
]
// oxfmt-ignore
const CHOICE_1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
]
// oxfmt-ignore
const CHOICE_2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
  41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
]
const SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1]

/** S1 to S8: four rows of sixteen values each, as hexadecimal digits. */
const BOXES = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
]

type Bits = readonly number[]

const select = (bits: Bits, table: readonly number[]): number[] => table.map((at) => bits[at - 1]!)
const xor = (a: Bits, b: Bits): number[] => a.map((bit, i) => bit ^ b[i]!)
const bitsOf = (bytes: Uint8Array): number[] =>
  [...bytes].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => (byte >> shift) & 1))

function writeBits(bits: Bits, output: Uint8Array): void {
  for (let i = 0; i < bits.length / 8; i++) {
    output[i] = bits.slice(8 * i, 8 * i + 8).reduce((byte, bit) => (byte << 1) | bit, 0)
  }
}

/** Sixteen round keys of 48 bits. */
function expandKey(key: Uint8Array): Bits[] {
  const chosen = select(bitsOf(key), CHOICE_1)
  let left = chosen.slice(0, 28)
  let right = chosen.slice(28)
  return SHIFTS.map((by) => {
    left = [...left.slice(by), ...left.slice(0, by)]
    right = [...right.slice(by), ...right.slice(0, by)]
    return select([...left, ...right], CHOICE_2)
  })
}

/** The cipher function f of a half block and a round key. */
function scramble(half: Bits, roundKey: Bits): number[] {
  const mixed = xor(select(half, EXPANSION), roundKey)
  const substituted = BOXES.flatMap((box, i) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mixed.slice(6 * i, 6 * i + 6)
    // The outer bits choose the row, the inner ones the column.
    const value = parseInt(box.charAt(32 * a + 16 * f + 8 * b + 4 * c + 2 * d + e), 16)
    return [value >> 3, (value >> 2) & 1, (value >> 1) & 1, value & 1]
  })
  return select(substituted, PERMUTATION)
}

/** The inverse of the initial permutation. */
const FINAL: readonly number[] = /* @__PURE__ */ INITIAL.map((_, i) => INITIAL.indexOf(i + 1) + 1)

function des(block: Bits, roundKeys: readonly Bits[]): number[] {
  const mixed = select(block, INITIAL)
  let left = mixed.slice(0, 32)
  let right = mixed.slice(32)
  for (const roundKey of roundKeys) [left, right] = [right, xor(left, scramble(right, roundKey))]
  return select([...right, ...left], FINAL)
}

type CryptBlock = (input: Uint8Array, at: number, output: Uint8Array) => void

function crypt(stages: readonly (readonly Bits[])[]): CryptBlock {
  return (input, at, output) => {
    let bits = bitsOf(input.subarray(at, at + 8))
    for (const roundKeys of stages) bits = des(bits, roundKeys)
    writeBits(bits, output)
  }
}

/** Triple DES, encrypt-decrypt-encrypt, with three keys in 24 bytes. */
function tripleDes(key: Uint8Array): BlockCipher {
  const [first = [], second = [], third = []] = [0, 8, 16].map((at) =>
    expandKey(key.subarray(at, at + 8)),
  )
  return {
    blockBytes: 8,
    encryptBlock: crypt([first, second.toReversed(), third]),
    decryptBlock: crypt([third.toReversed(), second, first.toReversed()]),
  }
}

/** des-ede3-cbc. */
export const tripleDesCbc: CbcEngine = /* @__PURE__ */ portableCbc(
  { keyBytes: 24, blockBytes: 8 },
  tripleDes,
)

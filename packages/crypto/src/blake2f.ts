/**
 * The compression function F of BLAKE2b (RFC 7693 §3.2) with a chosen number of rounds, as contracts reach it at
 * address 9 (EIP-152).
 * @module
 */

/** Message word schedule, RFC 7693 §2.7; the eleventh round takes the first row again. */
const SIGMA: readonly Uint8Array[] = /* @__PURE__ */ [
  '0123456789abcdef',
  'ea489fd61c02b753',
  'b8c052fdae367194',
  '7931dcbe265a40f8',
  '905724afe1bc683d',
  '2c6a0b834d75fe19',
  'c51fed4a0763928b',
  'db7ec13950f4862a',
  '6fe9b308c2d714a5',
  'a2847615fb9e3cd0',
].map((row) => Uint8Array.from(row, (digit) => parseInt(digit, 16)))

/** Which words of the work vector each of the eight mixings of a round takes: columns, then diagonals (§3.2). */
// oxfmt-ignore
const LANES: Uint8Array = /* @__PURE__ */ Uint8Array.from([
  0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
  0, 5, 10, 15, 1, 6, 11, 12, 2, 7, 8, 13, 3, 4, 9, 14,
])

/** Initial value, §2.6: words of 64 bits, low half first. */
// oxfmt-ignore
const IV: Uint32Array = /* @__PURE__ */ Uint32Array.from([
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
])

const H_BYTES = 64
const M_BYTES = 128
const T_BYTES = 16
const CONTRACT_INPUT_BYTES = 4 + H_BYTES + M_BYTES + T_BYTES + 1

export interface Blake2FInput {
  readonly rounds: number
  /** State, 64 bytes: eight words, little-endian. */
  readonly h: Uint8Array
  /** Message block, 128 bytes. */
  readonly m: Uint8Array
  /** Offset counters, 16 bytes. */
  readonly t: Uint8Array
  readonly isFinal: boolean
}

/** Words of `bytes` into `target` from the word `at` on. */
function readWords(bytes: Uint8Array, target: Uint32Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let i = 0; i < bytes.length / 4; i++) target[at + i] = view.getUint32(4 * i, true)
}

/** The mixing function G, §3.1, of one lane with the message words x and y. Numbers are halves of 64 bits. */
function mix(v: Uint32Array, m: Uint32Array, lane: number, words: number): void {
  const a = 2 * LANES[lane]!
  const b = 2 * LANES[lane + 1]!
  const c = 2 * LANES[lane + 2]!
  const d = 2 * LANES[lane + 3]!
  const x = 2 * (words >> 4)
  const y = 2 * (words & 15)
  let bl = v[b]!
  let bh = v[b + 1]!
  let dl = v[d]!
  let dh = v[d + 1]!

  let sum = v[a]! + bl + m[x]!
  let ah = (v[a + 1]! + bh + m[x + 1]! + Math.floor(sum / 2 ** 32)) >>> 0
  let al = sum >>> 0
  let low = dl ^ al
  // Rotation by 32 exchanges the halves.
  dl = (dh ^ ah) >>> 0
  dh = low >>> 0
  sum = v[c]! + dl
  let ch = (v[c + 1]! + dh + (sum > 0xffff_ffff ? 1 : 0)) >>> 0
  let cl = sum >>> 0
  low = bl ^ cl
  let high = bh ^ ch
  bl = ((low >>> 24) | (high << 8)) >>> 0
  bh = ((high >>> 24) | (low << 8)) >>> 0

  sum = al + bl + m[y]!
  ah = (ah + bh + m[y + 1]! + Math.floor(sum / 2 ** 32)) >>> 0
  al = sum >>> 0
  low = dl ^ al
  high = dh ^ ah
  dl = ((low >>> 16) | (high << 16)) >>> 0
  dh = ((high >>> 16) | (low << 16)) >>> 0
  sum = cl + dl
  ch = (ch + dh + (sum > 0xffff_ffff ? 1 : 0)) >>> 0
  cl = sum >>> 0
  low = bl ^ cl
  high = bh ^ ch
  v[a] = al
  v[a + 1] = ah
  v[b] = (low << 1) | (high >>> 31)
  v[b + 1] = (high << 1) | (low >>> 31)
  v[c] = cl
  v[c + 1] = ch
  v[d] = dl
  v[d + 1] = dh
}

/** F: the next state, 64 bytes. */
export function blake2F(input: Blake2FInput): Uint8Array {
  const v = new Uint32Array(32)
  const m = new Uint32Array(32)
  readWords(input.h, v, 0)
  readWords(input.m, m, 0)
  const h = v.slice(0, 16)
  v.set(IV, 16)
  const t = new Uint32Array(4)
  readWords(input.t, t, 0)
  for (let i = 0; i < 4; i++) v[24 + i] = v[24 + i]! ^ t[i]!
  if (input.isFinal) {
    v[28] = ~v[28]!
    v[29] = ~v[29]!
  }
  for (let round = 0; round < input.rounds; round++) {
    const row = SIGMA[round % 10]!
    for (let i = 0; i < 8; i++) mix(v, m, 4 * i, (row[2 * i]! << 4) | row[2 * i + 1]!)
  }
  const result = new DataView(new ArrayBuffer(H_BYTES))
  for (let i = 0; i < 16; i++) result.setUint32(4 * i, h[i]! ^ v[i]! ^ v[i + 16]!, true)
  return new Uint8Array(result.buffer)
}

/**
 * The input of the contract at address 9: rounds (4 bytes, big-endian), h, m, t, and a byte that is 0 or 1.
 * `undefined` when it has another length or another last byte. Rounds are its price: look at them before calling F.
 */
export function decodeBlake2FInput(input: Uint8Array): Blake2FInput | undefined {
  const last = input[CONTRACT_INPUT_BYTES - 1] ?? 2
  if (input.length !== CONTRACT_INPUT_BYTES || last > 1) return undefined
  const view = new DataView(input.buffer, input.byteOffset, input.length)
  const mAt = 4 + H_BYTES
  const tAt = mAt + M_BYTES
  return {
    rounds: view.getUint32(0),
    h: input.subarray(4, mAt),
    m: input.subarray(mAt, tAt),
    t: input.subarray(tAt, tAt + T_BYTES),
    isFinal: last === 1,
  }
}

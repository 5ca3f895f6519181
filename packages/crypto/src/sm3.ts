/**
 * SM3 (GB/T 32905-2016): the 256-bit Merkle-Damgard hash of the guomi suite.
 * @module
 */
import { HashMD } from '@noble/hashes/_md.js'
import { type CHash, clean, createHasher, rotl } from '@noble/hashes/utils.js'

/** Initial value, GB/T 32905-2016 §4.1. */
// oxfmt-ignore
const IV = /* @__PURE__ */ Uint32Array.from([
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
  0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
])

/** `T_j <<< j` for all 64 rounds (§4.2), so that the loop does one rotation less. */
const T = /* @__PURE__ */ (() =>
  Uint32Array.from({ length: 64 }, (_, j) => rotl(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32)))()

/** The message schedule `W` (§5.3.2). Shared: a block is expanded and compressed without interruption. */
const W = /* @__PURE__ */ new Uint32Array(68)

/** Permutation P0, §4.4. */
const p0 = (x: number): number => x ^ rotl(x, 9) ^ rotl(x, 17)
/** Permutation P1, §4.4. */
const p1 = (x: number): number => x ^ rotl(x, 15) ^ rotl(x, 23)

type State = [number, number, number, number, number, number, number, number]

/** Streaming SM3. Most callers want {@link sm3}. */
export class Sm3 extends HashMD<Sm3> {
  // Eight numeric fields, not an array: engines keep them in registers.
  #a: number = IV[0]! | 0
  #b: number = IV[1]! | 0
  #c: number = IV[2]! | 0
  #d: number = IV[3]! | 0
  #e: number = IV[4]! | 0
  #f: number = IV[5]! | 0
  #g: number = IV[6]! | 0
  #h: number = IV[7]! | 0

  constructor() {
    super(64, 32, 8, false)
  }

  protected override get(): State {
    return [this.#a, this.#b, this.#c, this.#d, this.#e, this.#f, this.#g, this.#h]
  }

  protected override set(...state: State): void {
    const [a, b, c, d, e, f, g, h] = state
    this.#a = a | 0
    this.#b = b | 0
    this.#c = c | 0
    this.#d = d | 0
    this.#e = e | 0
    this.#f = f | 0
    this.#g = g | 0
    this.#h = h | 0
  }

  /** Message expansion (§5.3.2) and compression (§5.3.3) of one block. */
  protected override process(view: DataView, offset: number): void {
    for (let j = 0; j < 16; j++) W[j] = view.getUint32(offset + 4 * j, false)
    for (let j = 16; j < 68; j++) {
      W[j] = p1(W[j - 16]! ^ W[j - 9]! ^ rotl(W[j - 3]!, 15)) ^ rotl(W[j - 13]!, 7) ^ W[j - 6]!
    }
    let [a, b, c, d, e, f, g, h] = this.get()
    for (let j = 0; j < 64; j++) {
      const a12 = rotl(a, 12)
      const ss1 = rotl((a12 + e + T[j]!) | 0, 7)
      const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
      const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g)
      const tt1 = (ff + d + (ss1 ^ a12) + (W[j]! ^ W[j + 4]!)) | 0
      const tt2 = (gg + h + ss1 + W[j]!) | 0
      d = c
      c = rotl(b, 9)
      b = a
      a = tt1
      h = g
      g = rotl(f, 19)
      f = e
      e = p0(tt2)
    }
    this.set(
      this.#a ^ a,
      this.#b ^ b,
      this.#c ^ c,
      this.#d ^ d,
      this.#e ^ e,
      this.#f ^ f,
      this.#g ^ g,
      this.#h ^ h,
    )
  }

  protected override roundClean(): void {
    clean(W)
  }

  override _cloneInto(to: Sm3 = new Sm3()): Sm3 {
    to.set(...this.get())
    return this._cloneIntoMeta(to)
  }

  override destroy(): void {
    this.destroyed = true
    this.set(0, 0, 0, 0, 0, 0, 0, 0)
    clean(this.buffer)
  }
}

/**
 * SM3 of a byte string, or `sm3.create()` for streaming.
 *
 * @example
 * ```ts
 * import { sm3 } from '@bcos-ts/crypto/sm3'
 *
 * sm3(new TextEncoder().encode('abc')) // 66c7f0f4 62eeedd9 …
 * ```
 */
export const sm3: CHash<Sm3> = /* @__PURE__ */ createHasher(() => new Sm3())

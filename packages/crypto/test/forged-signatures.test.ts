import { bigIntToBytes, bytesToBigInt, concatBytes } from '@bcos-ts/common'
import { invert } from '@noble/curves/abstract/modular.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { describe, expect, it } from 'vitest'
import { guomiSuite, portableEcdsa, portableSm2, sm3, standardSuite } from '../src/index.ts'
import { nativeEcdsa, opensslSm2 } from '../src/node/index.ts'
import { SECP256K1_ORDER as N } from '../src/secp256k1.ts'
import { SM2_ORDER, Sm2Point, sm2Z } from '../src/sm2.ts'
import { wasmEcdsa, wasmSm2 } from '../src/wasm/index.ts'

const word = (value: bigint): Uint8Array => bigIntToBytes(value, 32)
const mod = (value: bigint, n: bigint): bigint => ((value % n) + n) % n

const ecdsaSignature = (r: bigint, s: bigint, v: number): Uint8Array =>
  concatBytes(word(r), word(s), Uint8Array.of(v))
const sm2Signature = (r: bigint, s: bigint): Uint8Array => concatBytes(word(r), word(s))
const standard = (r: bigint, s: bigint, v: number): boolean =>
  standardSuite.isWellFormed(ecdsaSignature(r, s, v))
const guomi = (r: bigint, s: bigint, publicKey: bigint): boolean =>
  guomiSuite.isWellFormed(concatBytes(sm2Signature(r, s), word(0n), word(publicKey)))

const ECDSA_ENGINES = [
  ['portable', portableEcdsa],
  ['native', nativeEcdsa() ?? portableEcdsa],
  ['WebAssembly', wasmEcdsa() ?? portableEcdsa],
] as const
const SM2_ENGINES = [
  ['portable', portableSm2],
  ['OpenSSL', opensslSm2() ?? portableSm2],
  ['WebAssembly', { ...portableSm2, ...wasmSm2() }],
] as const

describe.each(ECDSA_ENGINES)('ECDSA, %s: constructed signatures', (_, ecdsa) => {
  const e = 0x1234n

  it('with a signer at infinity have no signer', () => {
    // R = k·G and s = e / k make s·R - e·G, and with it the public key, the point at infinity.
    const k = 77n
    const point = secp256k1.Point.BASE.multiply(k).toAffine()
    const s = mod(e * invert(k, N), N)
    const v = Number(point.y & 1n)
    expect(ecdsa.recover(ecdsaSignature(point.x, s, v), word(e))).toBeUndefined()
    // The other y gives another key, which is one.
    expect(ecdsa.recover(ecdsaSignature(point.x, s, v ^ 1), word(e))).toHaveLength(64)
  })

  it('with an r that is no x of a point have no signer', () => {
    // 5 is no x coordinate on secp256k1.
    for (const v of [0, 1])
      expect(ecdsa.recover(ecdsaSignature(5n, 1n, v), word(e))).toBeUndefined()
  })

  it('with r + n beyond the field have no signer under ids 2 and 3', () => {
    const { x } = secp256k1.Point.BASE.toAffine()
    for (const v of [2, 3]) expect(ecdsa.recover(ecdsaSignature(x, 1n, v), word(e))).toBeUndefined()
    expect(ecdsa.recover(ecdsaSignature(x, 1n, 0), word(e))).toHaveLength(64)
  })

  it('of digests beyond the group order are those of the remainder', () => {
    const { x } = secp256k1.Point.BASE.toAffine()
    const small = ecdsa.recover(ecdsaSignature(x, 9n, 0), word(3n))
    expect(ecdsa.recover(ecdsaSignature(x, 9n, 0), word(N + 3n))).toEqual(small)
    expect(ecdsa.recover(ecdsaSignature(x, 9n, 0), word(0n))).toHaveLength(64)
  })
})

describe('the form of a transaction signature', () => {
  it('of the standard suite has r below n, s up to n / 2, v of 0 or 1', () => {
    expect(standard(1n, 1n, 0)).toBe(true)
    expect(standard(N - 1n, N / 2n, 1)).toBe(true)
    expect(standard(N, 1n, 0)).toBe(false)
    expect(standard(1n, N / 2n + 1n, 0)).toBe(false)
    expect(standard(0n, 1n, 0)).toBe(false)
    expect(standard(1n, 0n, 0)).toBe(false)
    for (const v of [2, 3, 27, 28, 255]) expect(standard(1n, 1n, v)).toBe(false)
  })

  it('of the guomi suite is measured by the order of secp256k1, as 2.x does', () => {
    expect(guomi(1n, 1n, 1n)).toBe(true)
    expect(guomi(SM2_ORDER, N - 1n, 1n)).toBe(true)
    expect(guomi(N, 1n, 1n)).toBe(false)
    expect(guomi(1n, N, 1n)).toBe(false)
    expect(guomi(0n, 1n, 1n)).toBe(false)
    expect(guomi(1n, 0n, 1n)).toBe(false)
    expect(guomi(1n, 1n, 0n)).toBe(false)
  })
})

describe.each(SM2_ENGINES)('SM2, %s: constructed signatures', (_, engine) => {
  const n = SM2_ORDER
  const message = word(42n)
  const publicKeyOf = (d: bigint): Uint8Array => engine.publicKey(word(d))

  it('with r + s = n are refused', () => {
    for (const r of [1n, 5n, n - 1n]) {
      expect(engine.verify(sm2Signature(r, n - r), message, publicKeyOf(3n))).toBe(false)
    }
  })

  it('whose point is at infinity are refused', () => {
    // s·G + t·P = 0 when P = -(s / t)·G.
    const s = 11n
    const t = 29n
    const publicKey = publicKeyOf(mod(-s * invert(t, n), n))
    expect(engine.verify(sm2Signature(t - s, s), message, publicKey)).toBe(false)
  })

  it('are good when made by the letter of the standard, also with large s', () => {
    // §6.1 with a chosen nonce, until s lies in the upper half: SM2 knows no low s.
    const d = 1234567n
    const publicKey = publicKeyOf(d)
    const digest = sm3.create().update(sm2Z(publicKey)).update(message).digest()
    const made = [101n, 102n, 103n, 104n, 105n, 106n].map((k) => {
      const r = mod(bytesToBigInt(digest) + Sm2Point.BASE.multiply(k).toAffine().x, n)
      return { r, s: mod(invert(1n + d, n) * (k - r * d), n) }
    })
    expect(made.some(({ s }) => s > n / 2n)).toBe(true)
    for (const { r, s } of made) {
      expect(engine.verify(sm2Signature(r, s), message, publicKey)).toBe(true)
      expect(engine.verify(sm2Signature(r, n - s), message, publicKey)).toBe(false)
    }
  })

  it('made without the user id are refused', () => {
    const d = 1234567n
    const k = 99n
    const publicKey = publicKeyOf(d)
    const r = mod(bytesToBigInt(sm3(message)) + Sm2Point.BASE.multiply(k).toAffine().x, n)
    const s = mod(invert(1n + d, n) * (k - r * d), n)
    expect(engine.verify(sm2Signature(r, s), message, publicKey)).toBe(false)
  })

  it('of messages of any length are good', () => {
    const keys = { secretKey: word(7n), publicKey: publicKeyOf(7n) }
    for (const length of [0, 1, 55, 56, 64, 1000]) {
      const text = new Uint8Array(length).fill(length)
      expect(engine.verify(engine.sign(text, keys), text, keys.publicKey)).toBe(true)
    }
  })
})

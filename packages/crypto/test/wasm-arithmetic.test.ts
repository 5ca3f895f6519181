import { bigIntToBytes, bytesToBigInt, concatBytes } from '@bcos-ts/common'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { portableEcdsa, portableSm2 } from '../src/index.ts'
import { SECP256K1_ORDER } from '../src/secp256k1.ts'
import { SM2_ORDER, Sm2Point } from '../src/sm2.ts'
import { SM2_WASM } from '../src/wasm/binaries/sm2.ts'
import { wasmEcdsa, wasmSm2 } from '../src/wasm/index.ts'
import { wasmSource } from '../src/wasm/load.ts'

// Scalars are chosen so that the short addition formulas meet what they cannot add: equal and opposite points.

const word = (value: bigint): Uint8Array => bigIntToBytes(value, 32)
const mod = (value: bigint, n: bigint): bigint => ((value % n) + n) % n

function power(base: bigint, exponent: bigint, n: bigint): bigint {
  let result = 1n
  for (let b = base, e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * b) % n
    b = (b * b) % n
  }
  return result
}
const invert = (value: bigint, n: bigint): bigint => power(mod(value, n), n - 2n, n)

const powersOfTwo = [1, 2, 4, 8, 15, 16, 17, 32, 64, 128, 240, 255].map((i) => 1n << BigInt(i))
const small = [1n, 2n, 3n, 5n, 7n, 15n, 16n, 17n, 31n, 33n, 127n, 129n]

/** Scalars whose digits coincide, their opposites and halves, and any. */
function scalarOf(n: bigint, more: readonly bigint[] = []): fc.Arbitrary<bigint> {
  const special = [...small, ...powersOfTwo, ...more, (n + 1n) / 2n]
  return fc.oneof(
    fc.constantFrom(...special, ...special.map((value) => mod(-value, n))),
    fc.bigInt({ min: 1n, max: n - 1n }),
  )
}

const LAMBDA = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n

describe('secp256k1 in WebAssembly', () => {
  const N = SECP256K1_ORDER
  const wasm = wasmEcdsa()!
  const scalar = scalarOf(N, [LAMBDA, mod(-LAMBDA - 1n, N)])

  function know(publicKey: Uint8Array): void {
    for (let i = 0; i < 3; i++) wasm.noteSigner(publicKey)
  }

  /** A signature whose signer is u1 · G + u2 · k · G. */
  function signatureOf(k: bigint, u1: bigint, u2: bigint): readonly [Uint8Array, Uint8Array] {
    const point = secp256k1.Point.BASE.multiply(k).toAffine()
    const r = mod(point.x, N)
    const v = Number(point.y & 1n) | (point.x >= N ? 2 : 0)
    const signature = concatBytes(word(r), word(mod(u2 * r, N)), Uint8Array.of(v))
    return [signature, word(mod(-u1 * r, N))]
  }

  it('recovers where points double and cancel', () => {
    const property = fc.property(scalar, scalar, scalar, (k, u1, u2) => {
      const [signature, digest] = signatureOf(k, u1, u2)
      expect(wasm.recover(signature, digest)).toEqual(portableEcdsa.recover(signature, digest))
    })
    fc.assert(property, { numRuns: 400 })
    for (const k of [1n, 2n, 3n, 77n, LAMBDA]) {
      const [infinite, digest] = signatureOf(k, mod(-5n * k, N), 5n)
      expect(wasm.recover(infinite, digest)).toBeUndefined()
      const [doubled, its] = signatureOf(k, mod(5n * k, N), 5n)
      expect(wasm.recover(doubled, its)).toEqual(portableEcdsa.publicKey(word(mod(10n * k, N))))
    }
  })

  it('knows signers where points double and cancel', () => {
    const property = fc.property(scalar, scalar, scalar, (k, u1, u2) => {
      const [signature, digest] = signatureOf(k, u1, u2)
      const signer = portableEcdsa.recover(signature, digest)
      if (signer === undefined) return
      know(signer)
      expect(wasm.verifyKnown(signature, digest, signer)).toBe(true)
      const other = signature.slice()
      other[64] = (other[64] ?? 0) ^ 1
      expect(wasm.verifyKnown(other, digest, signer)).toBe(false)
    })
    fc.assert(property, { numRuns: 200 })
  })

  it('judges known signers by what recovery gives', () => {
    const signer = portableEcdsa.publicKey(word(0x1234n))
    know(signer)
    const odd = fc.oneof(scalar, fc.constantFrom(0n, N, N + 1n, (1n << 256n) - 1n)).map(word)
    const property = fc.property(odd, odd, fc.nat(5), odd, (r, s, v, digest) => {
      const signature = concatBytes(r, s, Uint8Array.of(v))
      expect(wasm.verifyKnown(signature, digest, signer)).toBe(false)
      const recovered = portableEcdsa.recover(signature, digest)
      if (recovered === undefined) return
      know(recovered)
      expect(wasm.verifyKnown(signature, digest, recovered)).toBe(true)
    })
    fc.assert(property, { numRuns: 200 })
    // n + 2 is the x of a point, and below p: what recovery ids 2 and 3 are for.
    for (const v of [2, 3]) {
      const signature = concatBytes(word(2n), word(9n), Uint8Array.of(v))
      const recovered = portableEcdsa.recover(signature, word(4n))!
      know(recovered)
      expect(wasm.verifyKnown(signature, word(4n), recovered)).toBe(true)
      signature[64] = v - 2
      expect(wasm.verifyKnown(signature, word(4n), recovered)).toBe(false)
    }
  })

  it('knows nobody by a key that is no point', () => {
    for (const key of [new Uint8Array(64), new Uint8Array(64).fill(0xff), new Uint8Array(63)]) {
      know(key)
      const [signature, digest] = signatureOf(3n, 5n, 7n)
      expect(wasm.verifyKnown(signature, digest, key)).not.toBe(true)
    }
    // Right in x and in the parity of y, which is all that a point is made from.
    const almost = portableEcdsa.publicKey(word(mod(5n + 21n, N)))
    almost[40] = (almost[40] ?? 0) ^ 1
    know(almost)
    const [signature, digest] = signatureOf(3n, 5n, 7n)
    expect(wasm.verifyKnown(signature, digest, almost)).not.toBe(true)
  })

  it('forgets signers, and knows them again', () => {
    const keys = Array.from({ length: 1500 }, (_, i) => BigInt(i + 1))
    const known = keys.filter((k) => {
      const [signature, digest] = signatureOf(3n, k, 7n)
      const signer = wasm.recover(signature, digest)!
      know(signer)
      return wasm.verifyKnown(signature, digest, signer) === true
    })
    expect(known).toHaveLength(keys.length)
  })
})

interface RawSm2 {
  readonly memory: { readonly buffer: ArrayBuffer }
  digestsAt(): number
  signaturesAt(): number
  statusAt(): number
  prepare(): void
  verify(count: number, isWhole: number): void
}

describe('SM2 in WebAssembly', () => {
  const N = SM2_ORDER
  const raw = wasmSource<RawSm2>(SM2_WASM).instance()!
  raw.prepare()
  const memory = new Uint8Array(raw.memory.buffer)
  const scalar = scalarOf(N)

  /** Whether r, s is good for a digest e, which a message would hide. */
  function verify(r: bigint, s: bigint, e: bigint, publicKey: Uint8Array): boolean {
    memory.set(word(e), raw.digestsAt())
    memory.set(concatBytes(word(r), word(s), publicKey), raw.signaturesAt())
    raw.verify(1, 1)
    return memory[raw.statusAt()] === 1
  }

  it('verifies where points double and cancel, unknown and known signers', () => {
    const property = fc.property(scalar, scalar, scalar, (d, s, t) => {
      const r = mod(t - s, N)
      const secret = d === N - 1n ? 1n : d
      const publicKey = portableSm2.publicKey(word(secret))
      const k = mod(s + t * secret, N)
      if (r === 0n || k === 0n) return
      const { x } = Sm2Point.BASE.multiply(k).toAffine()
      const e = mod(r - x, N)
      // The third time a key has its table.
      for (let i = 0; i < 4; i++) expect(verify(r, s, e, publicKey)).toBe(true)
      expect(verify(r, s, mod(e + 1n, N), publicKey)).toBe(false)
      // One more in s moves the point by 1 + d, and may arrive at the opposite one, whose x is the same.
      const opposite = mod(k + 1n + secret, N) === N - k && s !== N - 1n && t !== N - 1n
      expect(verify(r, mod(s + 1n, N), e, publicKey)).toBe(opposite)
    })
    fc.assert(property, { numRuns: 250, examples: [[1n, 1n, N - 2n]] })
  })

  it('refuses a sum at infinity, unknown and known signers', () => {
    for (const d of [1n, 2n, 3n, 1234n, N - 2n]) {
      const publicKey = portableSm2.publicKey(word(d))
      const good = Sm2Point.BASE.multiply(mod(11n + 40n * d, N)).toAffine().x
      for (let i = 0; i < 4; i++) {
        for (const t of [5n, 29n, N - 3n]) {
          const s = mod(-t * d, N)
          const r = mod(t - s, N)
          expect([0n, r, 1n].map((e) => verify(r, s, e, publicKey))).toEqual([false, false, false])
        }
        expect(verify(29n, 11n, mod(29n - good, N), publicKey)).toBe(true)
      }
    }
  })

  it('refuses r and s out of range, and keys that are no point', () => {
    const publicKey = portableSm2.publicKey(word(7n))
    for (const bad of [0n, N, N + 1n, (1n << 256n) - 1n]) {
      expect(verify(bad, 5n, 1n, publicKey)).toBe(false)
      expect(verify(5n, bad, 1n, publicKey)).toBe(false)
    }
    expect(verify(5n, N - 5n, 1n, publicKey)).toBe(false)
    const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
    for (const [x, y] of [
      [0n, 0n],
      [p, 0n],
      [bytesToBigInt(publicKey.subarray(0, 32)), bytesToBigInt(publicKey.subarray(32)) ^ 1n],
    ] as const) {
      expect(verify(5n, 6n, 1n, concatBytes(word(x), word(y)))).toBe(false)
    }
  })

  it('takes an x above the order for its remainder', () => {
    const p = Sm2Point.Fp.ORDER
    const xs = Array.from({ length: 40 }, (_, i) => N + BigInt(i)).filter((x) => x < p)
    const points = xs.flatMap((x) => {
      try {
        return [Sm2Point.fromHex(`02${x.toString(16).padStart(64, '0')}`)]
      } catch {
        return []
      }
    })
    expect(points.length).toBeGreaterThan(5)
    for (const point of points) {
      // The key for which 1 · G + 2 · P is this point.
      const key = point.subtract(Sm2Point.BASE).multiply(invert(2n, N)).toBytes(false).slice(1)
      const e = mod(1n - point.toAffine().x, N)
      for (let i = 0; i < 4; i++) expect(verify(1n, 1n, e, key)).toBe(true)
      expect(verify(1n, 1n, mod(e + 1n, N), key)).toBe(false)
    }
  })

  it('answers for a batch as for each, with keys that repeat and signatures that are bad', () => {
    const engine = wasmSm2()!
    const items = Array.from({ length: 80 }, (_, i) => {
      const secretKey = word(BigInt((i % 7) + 1))
      const publicKey = portableSm2.publicKey(secretKey)
      const digest = word(BigInt(i))
      const signature = concatBytes(portableSm2.sign(digest, { secretKey, publicKey }), publicKey)
      if (i % 5 === 0) signature[i % 128] = (signature[i % 128] ?? 0) ^ 1
      return { digest, signature }
    })
    const valid = new Uint8Array(items.length)
    const digests = concatBytes(...items.map(({ digest }) => digest))
    const signatures = concatBytes(...items.map(({ signature }) => signature))
    engine.verifyMany?.({ count: items.length, digests, signatures }, valid)
    const expected = items.map(({ digest, signature }) =>
      portableSm2.verify(signature.subarray(0, 64), digest, signature.subarray(64)) ? 1 : 0,
    )
    expect([...valid]).toEqual(expected)
    expect(expected.filter((good) => good === 0)).toHaveLength(16)
  })
})

import { bigIntToBytes, bytesToBigInt, concatBytes, equalBytes } from '@bcos-ts/common'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  createStandardSuite,
  type EcdsaBatchVerifier,
  type EcdsaVerifier,
  portableEcdsa,
  portableKeccak256,
  type SignedBatch,
} from '../src/index.ts'
import { createNodeSuites } from '../src/node/index.ts'
import { SECP256K1_ORDER as N } from '../src/secp256k1.ts'
import { SECP256K1_WASM } from '../src/wasm/binaries/secp256k1.ts'
import { createWasmSuites, wasmEcdsa } from '../src/wasm/index.ts'
import { wasmSource } from '../src/wasm/load.ts'

const node = (await createNodeSuites()).standard
const wasm = (await createWasmSuites()).standard
const engine = wasmEcdsa()!

const mod = (value: bigint): bigint => ((value % N) + N) % N
const word = (value: bigint): Uint8Array => bigIntToBytes(value, 32)
const { Point } = secp256k1
const { Fn } = Point

interface Item {
  readonly digest: Uint8Array
  readonly signature: Uint8Array
  readonly publicKey: Uint8Array
}

/** A signature with a nonce that is chosen. */
function signed(d: bigint, k: bigint, e: bigint): Item {
  const nonce = Point.BASE.multiply(k).toAffine()
  const r = mod(nonce.x)
  const s = mod(Fn.inv(k) * (mod(e) + r * d))
  const v = Number(nonce.y & 1n) | (nonce.x >= N ? 2 : 0)
  return {
    digest: word(e),
    signature: concatBytes(word(r), word(s), Uint8Array.of(v)),
    publicKey: portableEcdsa.publicKey(word(d)),
  }
}

const sOf = ({ signature }: Item): bigint => bytesToBigInt(signature.subarray(32, 64))

function withSignature(item: Item, change: (signature: Uint8Array) => void): Item {
  const signature = item.signature.slice()
  change(signature)
  return { ...item, signature }
}

/** The other signature that is as good: -s with the opposite point. */
function mirrored(item: Item): Item {
  return withSignature(item, (signature) => {
    signature.set(word(N - sOf(item)), 32)
    signature[64]! ^= 1
  })
}

function packed(items: readonly Item[]): SignedBatch {
  return {
    count: items.length,
    digests: concatBytes(...items.map(({ digest }) => digest)),
    signatures: concatBytes(...items.map(({ signature }) => signature)),
    publicKeys: concatBytes(...items.map(({ publicKey }) => publicKey)),
  }
}

/** What the batch is held to: recovery one by one, in portable code. */
function isGood({ digest, signature, publicKey }: Item): boolean {
  const signer = portableEcdsa.recover(signature, digest)
  return signer !== undefined && equalBytes(signer, publicKey)
}

/** Whether a batch of at most 256 is taken for good; nothing of these is bad at first sight. */
function areTogether(items: readonly Item[]): boolean {
  const valid = new Uint8Array(items.length)
  const areGood = engine.verifyTogether(packed(items), valid)
  expect(valid).toEqual(new Uint8Array(items.length).fill(1))
  return areGood
}

const randomScalar = (): bigint =>
  mod(bytesToBigInt(crypto.getRandomValues(new Uint8Array(32)))) || 1n

const strangers = Array.from({ length: 256 }, (_, i) =>
  signed(randomScalar(), randomScalar(), BigInt(i)),
)
const regulars = Array.from({ length: 256 }, (_, i) =>
  signed(BigInt((i % 8) + 1), randomScalar(), BigInt(i)),
)

/** Signatures of the kinds that somebody might send: good, wrong, and such that no key and no digest could make good. */
function kinds(): Record<'good' | 'wrong' | 'malformed', readonly Item[]> {
  const some = signed(0x1234n, 0x5678n, 0x9abcn)
  const other = signed(0x4321n, 0x8765n, 0xcba9n)
  const ofSmallR = [2, 3].map((v) => {
    const signature = concatBytes(word(2n), word(9n), Uint8Array.of(v))
    return { digest: word(4n), signature, publicKey: portableEcdsa.recover(signature, word(4n))! }
  })
  const good = [
    some,
    other,
    mirrored(some),
    ...ofSmallR,
    // Equal and opposite points: of nonce, key and generator.
    signed(1n, 77n, 5n),
    signed(N - 1n, 77n, 6n),
    signed(5n, 5n, 7n),
    signed(5n, N - 5n, 8n),
    signed(1n, 1n, 9n),
    signed(1n, N - 1n, 10n),
    signed(5n, 6n, 0n),
    signed(7n, 77n, N),
    signed(8n, 78n, (1n << 256n) - 1n),
    ...[1n, 2n, 3n, 4n, 9n, 10n].map((d) => signed(d, d + 1n, d + 2n)),
  ]
  const change = (at: number, value: bigint): Item =>
    withSignature(some, (signature) => signature.set(word(value), at))
  const wrong = [
    withSignature(some, (signature) => (signature[64]! ^= 1)),
    withSignature(ofSmallR[0]!, (signature) => (signature[64]! ^= 2)),
    change(32, sOf(some) + 1n),
    change(32, N - sOf(some)),
    { ...some, digest: other.digest },
    { ...some, publicKey: other.publicKey },
    { ...other, publicKey: some.publicKey },
    // Recovery gives the point at infinity.
    withSignature({ ...some, digest: word(0x5678n * 3n) }, (signature) =>
      signature.set(word(3n), 32),
    ),
  ]
  const malformed = [
    ...[0n, N, N + 5n, (1n << 256n) - 1n].flatMap((value) => [change(0, value), change(32, value)]),
    // 5 is no x of a point.
    change(0, 5n),
    ...[2, 3, 4, 27, 255].map((v) => withSignature(some, (signature) => signature.fill(v, 64))),
    // Good with a v of 2.
    ...[4, 6, 254].map((v) => withSignature(ofSmallR[0]!, (signature) => signature.fill(v, 64))),
    { ...some, publicKey: new Uint8Array(64) },
    { ...some, publicKey: new Uint8Array(64).fill(0xff) },
    { ...some, publicKey: some.publicKey.with(63, some.publicKey[63]! ^ 1) },
  ]
  expect(good.map(isGood)).toEqual(good.map(() => true))
  expect([...wrong, ...malformed].map(isGood)).not.toContain(true)
  return { good, wrong, malformed }
}

describe.each([
  ['native and WebAssembly', node],
  ['WebAssembly', wasm],
])('verifyMany, %s', (_, suite) => {
  const pool = [
    ...Object.values(kinds()).flat(),
    ...strangers.slice(0, 60),
    ...regulars.slice(0, 60),
  ]
  const verdicts = pool.map((item) => (isGood(item) ? 1 : 0))
  const some = fc.nat(pool.length - 1)

  it('answers as recovery does, for any mixture of any size', () => {
    const sizes = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 41, max: 300 }))
    const property = fc.property(
      sizes.chain((size) => fc.array(some, { minLength: size, maxLength: size })),
      (chosen) => {
        const answers = suite.verifyMany(packed(chosen.map((i) => pool[i]!)))
        expect([...answers]).toEqual(chosen.map((i) => verdicts[i]))
      },
    )
    fc.assert(property, { numRuns: 40 })
  })

  it('answers as recovery does where most are good, and some the same', () => {
    const good = pool.flatMap((_item, i) => (verdicts[i] === 1 ? [i] : []))
    const property = fc.property(
      fc.array(fc.constantFrom(...good), { minLength: 16, maxLength: 300 }),
      fc.array(some, { maxLength: 2 }),
      (chosen, more) => {
        const all = [...chosen, ...more]
        const answers = suite.verifyMany(packed(all.map((i) => pool[i]!)))
        expect([...answers]).toEqual(all.map((i) => verdicts[i]))
      },
    )
    fc.assert(property, { numRuns: 40 })
  })

  it.each([
    ['few signers', regulars],
    ['many signers', strangers],
  ])('names exactly the one of 256 that is bad, %s', (_name, items) => {
    for (const at of [0, 1, 100, 255]) {
      const spoilt = [...items]
      const { digest } = items[at]!
      spoilt[at] = { ...items[at]!, digest: digest.with(31, digest[31]! ^ 1) }
      const expected = new Uint8Array(256).fill(1).with(at, 0)
      expect(suite.verifyMany(packed(spoilt))).toEqual(expected)
    }
    expect(suite.verifyMany(packed(items))).toEqual(new Uint8Array(256).fill(1))
  })

  it('lets nothing that is malformed spoil the answers for others', () => {
    const { malformed } = kinds()
    const valid = new Uint8Array(100 + malformed.length)
    const items = [...strangers.slice(0, 50), ...malformed, ...regulars.slice(0, 50)]
    expect(engine.verifyTogether(packed(items), valid)).toBe(true)
    expect([...valid]).toEqual(items.map((item) => (isGood(item) ? 1 : 0)))
    expect(suite.verifyMany(packed(items))).toEqual(valid)
  })
})

describe('a batch made to deceive', () => {
  it('may have the same signature again and again, and its mirror image', () => {
    for (const item of [regulars[3]!, strangers[3]!, signed(1n, 1n, 3n), signed(5n, N - 5n, 8n)]) {
      const spoilt = { ...item, digest: word(12345n) }
      for (const count of [2, 16, 256]) {
        const same = Array.from({ length: count }, () => item)
        const mirror = same.map((_, i) => (i % 2 === 0 ? item : mirrored(item)))
        for (const items of [same, mirror]) {
          expect(areTogether(items)).toBe(true)
          expect(areTogether([...items.slice(1), spoilt])).toBe(false)
        }
      }
    }
  })

  it('may share nonces, and have keys that are nonces, or sums of others', () => {
    const n = 64
    const sharing = Array.from({ length: n }, (_, i) => signed(BigInt(i + 2), 4242n, BigInt(i)))
    const ofKeys = Array.from({ length: n }, (_, i) =>
      signed(BigInt(i + 1), i % 2 === 0 ? BigInt(i + 2) : N - BigInt(i + 2), BigInt(i)),
    )
    for (const items of [sharing, ofKeys, [...sharing, ...ofKeys]]) {
      // New factors each time: whether and where points meet is chance.
      for (let i = 0; i < 20; i++) expect(areTogether(items)).toBe(true)
      const swapped = items.map((item, i) =>
        i > 1 ? item : { ...item, publicKey: items[1 - i]!.publicKey },
      )
      expect(areTogether(swapped)).toBe(false)
      expect(wasm.verifyMany(packed(swapped))).toEqual(
        new Uint8Array(items.length).fill(1).fill(0, 0, 2),
      )
    }
  })

  it('has as many as it says, and not too many', () => {
    const batch = packed(regulars)
    const valid = new Uint8Array(256)
    expect(() => engine.verifyTogether({ ...batch, count: 255 }, valid)).toThrow(RangeError)
    const one = packed([...regulars, ...regulars.slice(0, 1)])
    expect(() => engine.verifyTogether(one, new Uint8Array(257))).toThrow(RangeError)
    expect(engine.verifyTogether(batch, valid)).toBe(true)
    expect(engine.verifyTogether(packed([]), new Uint8Array(0))).toBe(true)
  })

  it('takes new factors from the system each time', () => {
    const random = vi.spyOn(crypto, 'getRandomValues')
    const bad = { ...regulars[0]!, digest: word(4711n) }
    const items = [bad, ...regulars.slice(1, 100)]
    expect(areTogether(items)).toBe(false)
    expect(areTogether(items)).toBe(false)
    expect(random.mock.calls.map(([room]) => room?.byteLength)).toEqual([1600, 1600])
    // With zeros instead, nothing is looked at: no other source is used, and none is kept.
    random.mockImplementation((room) => {
      if (room instanceof Uint8Array) room.fill(0)
      return room
    })
    expect(areTogether(items)).toBe(true)
  })

  afterEach(() => void vi.restoreAllMocks())
})

interface RawEcdsa {
  readonly memory: { readonly buffer: ArrayBuffer }
  digestsAt(): number
  signaturesAt(): number
  keysAt(): number
  statusAt(): number
  randomAt(): number
  prepare(): void
  verifyTogether(count: number): number
}

describe('the factors of a batch', () => {
  const raw = wasmSource<RawEcdsa>(SECP256K1_WASM).instance()!
  raw.prepare()
  const memory = new Uint8Array(raw.memory.buffer)

  /** The verdict with factors that are chosen, sixteen bytes each. */
  function verdict(items: readonly Item[], factors: (i: number) => Uint8Array): boolean {
    const batch = packed(items)
    memory.set(batch.digests, raw.digestsAt())
    memory.set(batch.signatures, raw.signaturesAt())
    memory.set(batch.publicKeys, raw.keysAt())
    for (const i of items.keys()) memory.set(factors(i), raw.randomAt() + 16 * i)
    return raw.verifyTogether(items.length) === 1
  }
  const all = (byte: number) => () => new Uint8Array(16).fill(byte)

  /** Two bad signatures: one is wrong by δ · G and the other by -δ · G. */
  function cancelling(): readonly Item[] {
    const [first, second] = [strangers[0]!, strangers[1]!]
    const delta = 0xabcdefn
    const moved = (item: Item, by: bigint): Item => ({
      ...item,
      digest: word(mod(bytesToBigInt(item.digest) + by * sOf(item))),
    })
    return [moved(first, delta), moved(second, -delta)]
  }

  it('are what errors that cancel each other are found by', () => {
    const items = [...cancelling(), ...strangers.slice(2, 20)]
    expect(items.slice(0, 2).map(isGood)).toEqual([false, false])
    // With the same factor for all the forgery succeeds, so it is one.
    expect(verdict(items, all(0x35))).toBe(true)
    for (let i = 0; i < 50; i++) expect(areTogether(items)).toBe(false)
    expect([...wasm.verifyMany(packed(items))]).toEqual(items.map((item) => (isGood(item) ? 1 : 0)))
  })

  it('may be any, and let nothing bad pass but for zero', () => {
    const good = strangers[7]!
    const bad = { ...good, digest: word(4711n) }
    for (let byte = 0; byte < 256; byte++) {
      expect(verdict([good], all(byte))).toBe(true)
      expect(verdict([bad], all(byte))).toBe(byte === 0)
      for (const at of [0, 7, 8, 15]) {
        const factor = new Uint8Array(16).with(at, byte)
        expect(verdict([good], () => factor)).toBe(true)
        expect(verdict([bad], () => factor)).toBe(byte === 0)
      }
    }
  })

  it('are different numbers for different bytes', () => {
    // Errors of opposite sign cancel for equal factors only.
    const items = cancelling()
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })
    const near = fc
      .tuple(bytes, fc.nat(15), fc.nat(255))
      .map(([factor, at, byte]) => [factor, factor.with(at, byte)] as const)
    const property = fc.property(fc.oneof(near, fc.tuple(bytes, bytes)), (factors) => {
      const areEqual = equalBytes(factors[0], factors[1])
      expect(verdict(items, (i) => factors[i]!)).toBe(areEqual)
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('bring points together in every way, without harm', () => {
    const item = signed(5n, 6n, 7n)
    const choices = [item, mirrored(item), signed(6n, 5n, 8n), signed(1n, 6n, 9n), regulars[9]!]
    const few = fc.constantFrom(0x00, 0x01, 0x0f, 0x10, 0x11, 0xf0, 0xff, 0x22, 0x08, 0x80, 0x88)
    const factor = fc.oneof(
      few.map((byte) => new Uint8Array(16).fill(byte)),
      fc.array(few, { minLength: 16, maxLength: 16 }).map((bytes) => Uint8Array.from(bytes)),
    )
    const entry = fc.tuple(fc.constantFrom(...choices), factor)
    const property = fc.property(fc.array(entry, { minLength: 1, maxLength: 40 }), (entries) => {
      const items = entries.map(([one]) => one)
      const factors = entries.map(([, bytes]) => bytes)
      expect(verdict(items, (i) => factors[i]!)).toBe(true)
      const spoilt = [{ ...items[0]!, digest: word(99n) }, ...items.slice(1)]
      expect(verdict(spoilt, (i) => factors[i]!)).toBe(factors[0]!.every((byte) => byte === 0))
    })
    fc.assert(property, { numRuns: 300 })
  })
})

describe('the standard suite', () => {
  const engines = { keccak256: portableKeccak256, ecdsa: portableEcdsa }

  it('asks one by one where a batch is said to be not good, and only for what may be', () => {
    const recover = vi.fn<EcdsaVerifier['recover']>((signature, digest) =>
      portableEcdsa.recover(signature, digest),
    )
    const verifyTogether = vi.fn<EcdsaBatchVerifier['verifyTogether']>((batch, valid) => {
      valid.fill(1)
      valid[0] = 0
      return batch.count < 10
    })
    const suite = createStandardSuite({
      ...engines,
      verifier: { engine: 'spy', recover },
      batches: { engine: 'doubtful', together: 12, verifyTogether },
    })
    expect(suite.engines['secp256k1Batches']).toBe('doubtful')
    const items = regulars.slice(0, 27)
    // Three parts of nine, each believed.
    const expected = items.map((_, i) => (i % 9 === 0 ? 0 : 1))
    expect([...suite.verifyMany(packed(items))]).toEqual(expected)
    expect(verifyTogether.mock.calls.map(([{ count }]) => count)).toEqual([9, 9, 9])
    expect(recover).not.toHaveBeenCalled()
    // Two of twelve, each doubted.
    const more = [...items.slice(0, 23), { ...items[23]!, digest: word(1n << 200n) }]
    expect([...suite.verifyMany(packed(more))]).toEqual(
      more.map((_, i) => (i % 12 === 0 || i === 23 ? 0 : 1)),
    )
    expect(recover).toHaveBeenCalledTimes(22)
  })
})

/**
 * What every {@link CryptoSuite} must do, as a vitest suite. Apply it to an engine of your own:
 *
 * @example
 * ```ts
 * import { describeCryptoSuite } from '@bcos-ts/crypto/compliance'
 *
 * describeCryptoSuite('my hardware module', () => mySuite)
 * ```
 * @module
 */
import { bigIntToBytes, bytesToBigInt, concatBytes, fromHex, toHex } from '@bcos-ts/common'
import { describe, expect, it } from 'vitest'
import type { CryptoSuite, KeyPair, SuiteName } from './suite.ts'

/** Answers that any implementation has to reproduce. Signatures were made by other programs. */
interface Facts {
  readonly signatureBytes: number
  readonly order: bigint
  readonly largestSecretKey: bigint
  readonly hashOfNothing: string
  /** Of the bytes 0 to 255 again and again, 1,000 in all. */
  readonly hashOfThousand: string
  readonly secretKey: string
  readonly publicKey: string
  readonly address: string
  readonly foreign: {
    readonly digest: string
    readonly signature: string
    readonly publicKey: string
  }
}

const SECP256K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const SM2_N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n

const FACTS: Readonly<Record<SuiteName, Facts>> = {
  standard: {
    signatureBytes: 65,
    order: SECP256K1_N,
    largestSecretKey: SECP256K1_N - 1n,
    hashOfNothing: 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    hashOfThousand: 'aca79e4146e30eb1c733f6d6060d72471c36ea4e01ebf45d7f4916249c2bbd82',
    secretKey: 'bc516b2600eec3a216f457dc14cf83a01ed22d0fc2149fc911dc2ec486fe57a3',
    publicKey:
      'dbbfee4f76f5a3bc3dbc2e6127c4a1f50b7614bff4138a44a79aed3d42f67f9c' +
      '7aa70570205f9b60a5888c6415b6a830012677b4415a79ccd1533fe5637861df',
    address: '0fc3c4bb89bd90299db4c62be0174c4966286c00',
    foreign: {
      digest: '39aeeacf66784ba18836280dcb56e454fe59eecde42812503e6a0d2c0a11937f',
      signature:
        'b2ef97867ca3b1030c2f14be1bfeeeabddf3354ae6e57c86a02ebc1383f8ef6c' +
        '7713d7f12fcfd5da457f58eeeb9aa77eddedf69b7bd1a46adb5faf072e62892601',
      publicKey:
        '15a264e29489f69fb74608a8a26600eb8f5c572d5829531aaab3246f7411492e' +
        '2c4d3c329b6f4e5fc479908a2944688da39071467035f8eb046625259a6bfd06',
    },
  },
  guomi: {
    signatureBytes: 128,
    order: SM2_N,
    largestSecretKey: SM2_N - 2n,
    hashOfNothing: '1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b',
    hashOfThousand: 'e1043d6f7910a57e49c10eb042760c060d07ea26866cb067cc5eecb42f9056a3',
    secretKey: '901744c34e2adffc9fd7fb12e8cba2d88a79aaf54be9b4e11660153287489f13',
    publicKey:
      '3b72cd28244c856d3d89b67d1c5ff22e1f26835bafcd63e9a4ad3424a2a57f2b' +
      '759149f46c696df08b9d9473686675fc6dade744d0c82bdc5598d759e015fd96',
    address: '40b3558746e8f9a47a474774e8c4a9e67d4e3174',
    foreign: {
      digest: '7d195202f346568753cc7d561beda7a3027c876881f6139a027e9b7321c7cf4c',
      signature:
        '0f16d87c5065ad5c3b110ef0b97fe9a67b62443cb8ddde60d4e001a64429dc6e' +
        '3d2569e0449e9a900c236541afb9d8a8d5e1a36844439c7076f6e75ed624256f' +
        '8234c544a9f3ce3b401a92cc7175602ce2a1e29b1ec135381c7d2a9e8f78f3ed' +
        'c9c06ee55252857c9a4560cb39e9d70d40f4331cace4d2b3121b967fa7a829f0',
      publicKey:
        '8234c544a9f3ce3b401a92cc7175602ce2a1e29b1ec135381c7d2a9e8f78f3ed' +
        'c9c06ee55252857c9a4560cb39e9d70d40f4331cace4d2b3121b967fa7a829f0',
    },
  },
}

/** Digests at the edges of what 32 bytes hold, and one between. */
const DIGESTS: readonly Uint8Array[] = [
  new Uint8Array(32),
  new Uint8Array(32).fill(0xff),
  bigIntToBytes(SECP256K1_N, 32),
  bigIntToBytes(SM2_N - 1n, 32),
  Uint8Array.from({ length: 32 }, (_, i) => i),
]

const padded = (hex: string): Uint8Array => fromHex(`aabb${hex}cc`)
const inner = (bytes: Uint8Array): Uint8Array => bytes.subarray(2, bytes.length - 1)

/** The suite under test, what is known of it, and a key pair. */
interface Subject {
  readonly suite: CryptoSuite
  readonly facts: Facts
  readonly keys: KeyPair
}

type GetSubject = () => Promise<Subject>

/** Tests a suite; `create` is called once a test, and may answer with the same suite every time. */
export function describeCryptoSuite(
  engine: string,
  create: () => CryptoSuite | Promise<CryptoSuite>,
): void {
  const subject: GetSubject = async () => {
    const suite = await create()
    const facts = FACTS[suite.name]
    return { suite, facts, keys: suite.keyPair(fromHex(facts.secretKey)) }
  }
  describe(`CryptoSuite compliance: ${engine}`, () => {
    testHash(subject)
    testKeys(subject)
    testSigning(subject)
    testForgery(subject)
    testRange(subject)
    testTolerance(subject)
    testMany(subject)
  })
}

function testHash(subject: GetSubject): void {
  it('hashes as the chain does', async () => {
    const { suite, facts } = await subject()
    const thousand = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff)
    expect(toHex(suite.hash(new Uint8Array(0)))).toBe(facts.hashOfNothing)
    expect(toHex(suite.hash(thousand))).toBe(facts.hashOfThousand)
  })

  it('hashes a view by its bytes, and keeps no hold of message or result', async () => {
    const { suite, facts } = await subject()
    const message = Uint8Array.from({ length: 1010 }, (_, i) => (i + 251) & 0xff)
    const digest = suite.hash(message.subarray(5, 1005))
    suite.hash(new Uint8Array(7))
    expect(toHex(digest)).toBe(facts.hashOfThousand)
    digest.fill(0)
    message.fill(0)
    expect(toHex(suite.hash(new Uint8Array(0)))).toBe(facts.hashOfNothing)
  })

  it('says which engines it runs on', async () => {
    const { suite } = await subject()
    expect(Object.keys(suite.engines)).not.toHaveLength(0)
  })
}

function testKeys(subject: GetSubject): void {
  it('derives public key and address', async () => {
    const { suite, facts, keys } = await subject()
    expect(toHex(keys.publicKey)).toBe(facts.publicKey)
    expect(toHex(suite.address(keys.publicKey))).toBe(facts.address)
  })

  it('accepts the smallest and the largest secret key', async () => {
    const { suite, facts } = await subject()
    for (const secret of [1n, facts.largestSecretKey]) {
      const keys = suite.keyPair(bigIntToBytes(secret, 32))
      const digest = suite.hash(keys.publicKey)
      expect(suite.recover(suite.sign(digest, keys), digest)).toEqual(keys.publicKey)
    }
  })

  it('refuses other secret keys', async () => {
    const { suite, facts, keys } = await subject()
    const bad = [
      new Uint8Array(0),
      new Uint8Array(31).fill(1),
      new Uint8Array(33).fill(1),
      new Uint8Array(32),
      bigIntToBytes(facts.largestSecretKey + 1n, 32),
      new Uint8Array(32).fill(0xff),
    ]
    const refusal: unknown = expect.objectContaining({ code: 'CRYPTO_INVALID_KEY' })
    for (const secretKey of bad) {
      expect(() => suite.keyPair(secretKey)).toThrow(refusal)
      expect(() => suite.sign(new Uint8Array(32), { ...keys, secretKey })).toThrow(refusal)
    }
  })
}

function testSigning(subject: GetSubject): void {
  it('makes signatures that it verifies, whatever the digest', async () => {
    const { suite, facts, keys } = await subject()
    for (const digest of DIGESTS) {
      const signature = suite.sign(digest, keys)
      expect(signature).toHaveLength(facts.signatureBytes)
      expect(suite.signatureBytes).toBe(facts.signatureBytes)
      expect(suite.isWellFormed(signature)).toBe(true)
      expect(suite.verify(signature, digest, keys.publicKey)).toBe(true)
      expect(suite.recover(signature, digest)).toEqual(keys.publicKey)
    }
  })

  it('refuses to sign what is not a digest', async () => {
    const { suite, keys } = await subject()
    for (const length of [0, 31, 33, 64]) {
      expect(() => suite.sign(new Uint8Array(length), keys)).toThrow(
        expect.objectContaining({ code: 'CRYPTO_INVALID_DIGEST' }),
      )
    }
  })

  it('verifies what another program signed', async () => {
    const { suite, facts } = await subject()
    const signature = fromHex(facts.foreign.signature)
    const digest = fromHex(facts.foreign.digest)
    const publicKey = fromHex(facts.foreign.publicKey)
    expect(suite.verify(signature, digest, publicKey)).toBe(true)
    expect(suite.recover(signature, digest)).toEqual(publicKey)
  })

  it('reads views by their bytes and changes nothing', async () => {
    const { suite, facts } = await subject()
    const signature = padded(facts.foreign.signature)
    const digest = padded(facts.foreign.digest)
    const publicKey = padded(facts.foreign.publicKey)
    const copies = [signature.slice(), digest.slice(), publicKey.slice()]
    expect(suite.verify(inner(signature), inner(digest), inner(publicKey))).toBe(true)
    const recovered = suite.recover(inner(signature), inner(digest))
    expect(recovered).toEqual(inner(publicKey).slice())
    recovered?.fill(0)
    expect([signature, digest, publicKey]).toEqual(copies)
  })
}

function testForgery(subject: GetSubject): void {
  it('notices a change of any byte of r, s and digest', async () => {
    const { suite, keys } = await subject()
    const digest = suite.hash(Uint8Array.of(1))
    const signature = suite.sign(digest, keys)
    for (let i = 0; i < 64; i += 3) {
      const forged = signature.slice()
      forged[i] = (forged[i] ?? 0) ^ 0x10
      expect(suite.verify(forged, digest, keys.publicKey)).toBe(false)
      const other = digest.slice()
      other[i % 32] = (other[i % 32] ?? 0) ^ 0x01
      expect(suite.verify(signature, other, keys.publicKey)).toBe(false)
    }
  })

  it('has no use for other lengths', async () => {
    const { suite, keys } = await subject()
    const digest = suite.hash(Uint8Array.of(2))
    const signature = suite.sign(digest, keys)
    const longer = new Uint8Array(signature.length + 1)
    longer.set(signature)
    for (const bad of [new Uint8Array(0), signature.slice(0, 64), signature.slice(1), longer]) {
      expect(suite.verify(bad, digest, keys.publicKey)).toBe(false)
      expect(suite.recover(bad, digest)).toBeUndefined()
      expect(suite.isWellFormed(bad)).toBe(false)
    }
    for (const bad of [new Uint8Array(0), digest.slice(1), new Uint8Array(33)]) {
      expect(suite.verify(signature, bad, keys.publicKey)).toBe(false)
      expect(suite.recover(signature, bad)).toBeUndefined()
    }
  })

  it('verifies against no other key, and none that is not a point', async () => {
    const { suite, keys } = await subject()
    const digest = suite.hash(Uint8Array.of(3))
    const signature = suite.sign(digest, keys)
    const offCurve = keys.publicKey.slice()
    offCurve[63] = (offCurve[63] ?? 0) ^ 1
    const others = [
      suite.keyPair(bigIntToBytes(7n, 32)).publicKey,
      offCurve,
      new Uint8Array(64),
      new Uint8Array(64).fill(0xff),
      keys.publicKey.slice(1),
      new Uint8Array(65),
      new Uint8Array(0),
    ]
    for (const other of others) expect(suite.verify(signature, digest, other)).toBe(false)
  })
}

function testRange(subject: GetSubject): void {
  it('refuses r and s outside [1, n-1]', async () => {
    const { suite, facts, keys } = await subject()
    const digest = suite.hash(Uint8Array.of(4))
    const good = suite.sign(digest, keys)
    const most = (1n << 256n) - 1n
    for (const value of [0n, facts.order, facts.order + 1n, most]) {
      for (const at of [0, 32]) {
        const bad = good.slice()
        bad.set(bigIntToBytes(value, 32), at)
        expect(suite.verify(bad, digest, keys.publicKey)).toBe(false)
        expect(suite.recover(bad, digest)).toBeUndefined()
      }
    }
    const zeros = new Uint8Array(facts.signatureBytes)
    expect(suite.verify(zeros, digest, keys.publicKey)).toBe(false)
    expect(suite.recover(zeros, digest)).toBeUndefined()
    expect(suite.isWellFormed(zeros)).toBe(false)
  })
}

function testMany(subject: GetSubject): void {
  it('gives the answers of single calls for many, if it takes many', async () => {
    const { suite } = await subject()
    if (suite.verifyMany === undefined) return
    const signers = [11n, 12n, 13n].map((secret) => suite.keyPair(bigIntToBytes(secret, 32)))
    const items = Array.from({ length: 40 }, (_, i) => {
      const keys = signers[i % 3] ?? suite.keyPair(bigIntToBytes(11n, 32))
      const digest = suite.hash(Uint8Array.of(i))
      return { digest, signature: suite.sign(digest, keys), publicKey: keys.publicKey.slice() }
    })
    const expectAnswers = (bad: readonly number[]): void => {
      const digests = concatBytes(...items.map(({ digest }) => digest))
      const signatures = concatBytes(...items.map(({ signature }) => signature))
      const publicKeys = concatBytes(...items.map(({ publicKey }) => publicKey))
      const batch = { count: items.length, digests, signatures, publicKeys }
      const single = items.map((one) => suite.verify(one.signature, one.digest, one.publicKey))
      expect(single).toEqual(items.map((_, i) => !bad.includes(i)))
      expect([...(suite.verifyMany?.(batch) ?? [])]).toEqual(single.map(Number))
    }
    expectAnswers([])
    // A zero r, a key of somebody else, one that is no point, and another digest.
    items[2]?.signature.fill(0, 0, 32)
    items[9]?.publicKey.set(signers[1]?.publicKey ?? [])
    expectAnswers([2, 9])
    items[20]?.publicKey.fill(0xff)
    items[39]?.digest.fill(0)
    expectAnswers([2, 9, 20, 39])
  })
}

/** What differs between the suites: recovery ids and high s here, the carried public key there. */
function testTolerance(subject: GetSubject): void {
  it('keeps the tolerances of its suite', async () => {
    const { suite, keys } = await subject()
    const digest = suite.hash(Uint8Array.of(5))
    const signature = suite.sign(digest, keys)
    if (suite.name === 'standard') expectStandardTolerance(suite, digest, keys)
    else expectCarriedKey(suite, signature, keys)
  })
}

/** n + 2 is the x of a point: one of the few r that recovery ids 2 and 3 are made for. */
const SMALL_R = 2n

function expectStandardTolerance(suite: CryptoSuite, digest: Uint8Array, keys: KeyPair): void {
  const signature = suite.sign(digest, keys)
  const highS = signature.slice()
  highS.set(bigIntToBytes(SECP256K1_N - bytesToBigInt(signature.subarray(32, 64)), 32), 32)
  highS[64] = (signature[64] ?? 0) ^ 1
  expect(suite.recover(highS, digest)).toEqual(keys.publicKey)
  expect(suite.verify(highS, digest, keys.publicKey)).toBe(true)
  expect(suite.isWellFormed(highS)).toBe(false)
  const smallR = signature.slice()
  smallR.set(bigIntToBytes(SMALL_R, 32), 0)
  for (const v of [2, 3]) {
    smallR[64] = v
    const signer = suite.recover(smallR, digest)
    expect(signer).toHaveLength(64)
    expect(suite.isWellFormed(smallR)).toBe(false)
  }
  for (const v of [2, 3, 4, 27, 255]) {
    const other = signature.slice()
    other[64] = v
    expect(suite.recover(other, digest)).toBeUndefined()
  }
}

function expectCarriedKey(suite: CryptoSuite, signature: Uint8Array, keys: KeyPair): void {
  const digest = suite.hash(Uint8Array.of(5))
  const other = suite.keyPair(bigIntToBytes(9n, 32)).publicKey
  const relabelled = signature.slice()
  relabelled.set(other, 64)
  expect(suite.recover(relabelled, digest)).toBeUndefined()
  expect(suite.verify(relabelled, digest, other)).toBe(false)
  // Consensus knows the key from the sealer list and does not look at the carried one.
  expect(suite.verify(relabelled, digest, keys.publicKey)).toBe(true)
}

import { bigIntToBytes, bytesToBigInt, concatBytes, toHex } from '@bcos-ts/common'
import * as fc from 'fast-check'
import smCrypto from 'sm-crypto'
import { describe, expect, it } from 'vitest'
import {
  keccak256,
  portableEcdsa,
  portableKeccak256,
  portableSm2,
  portableSm3,
  sm3,
  standardSuite,
} from '../src/index.ts'
import {
  createNodeSuites,
  enginesInUse,
  nativeEcdsa,
  opensslSm2,
  opensslSm3,
} from '../src/node/index.ts'
import { SECP256K1_ORDER } from '../src/secp256k1.ts'
import { SM2_ORDER } from '../src/sm2.ts'
import { wasmEcdsa, wasmKeccak256, wasmSm2, wasmSm3 } from '../src/wasm/index.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const message = fc.uint8Array({ maxLength: 400 })
const scalar = (max: bigint) => fc.bigInt({ min: 1n, max }).map((value) => bigIntToBytes(value, 32))

/** 32 bytes that are often at the edge of a range, as attackers like them. */
const oddWord = fc.oneof(
  bytes(32),
  fc
    .constantFrom(0n, 1n, 2n, SECP256K1_ORDER, SECP256K1_ORDER - 1n, SM2_ORDER, SM2_ORDER - 1n)
    .map((value) => bigIntToBytes(value, 32)),
)

/** Platforms for which the package `secp256k1` brings a binary. */
const WITH_BINARY = new Set(['linux-x64', 'darwin-arm64', 'win32-x64'])

const native = nativeEcdsa() ?? portableEcdsa
const openssl = opensslSm2() ?? portableSm2
const ecdsaInWasm = wasmEcdsa() ?? portableEcdsa
const sm2InWasm = wasmSm2() ?? portableSm2

it('chooses the fast engines where they run, and says so', async () => {
  const hasBinary = WITH_BINARY.has(`${process.platform}-${process.arch}`)
  expect(enginesInUse(await createNodeSuites())).toEqual({
    keccak256: 'wasm',
    secp256k1: hasBinary ? 'secp256k1 (native)' : 'wasm',
    secp256k1KnownSigners: 'wasm',
    secp256k1Batches: 'wasm',
    secp256k1Signing: hasBinary ? 'secp256k1 (native)' : '@noble/curves',
    sm3: 'wasm, node:crypto from 2048 bytes',
    sm2: 'wasm',
    sm2Signing: 'node:crypto',
  })
})

describe('secp256k1: native, WebAssembly and portable', () => {
  it('make the same keys and the same signatures', () => {
    const property = fc.property(scalar(SECP256K1_ORDER - 1n), oddWord, (secretKey, digest) => {
      expect(native.publicKey(secretKey)).toEqual(portableEcdsa.publicKey(secretKey))
      const signature = native.sign(digest, secretKey)
      expect(portableEcdsa.recover(signature, digest)).toEqual(native.publicKey(secretKey))
      expect(ecdsaInWasm.recover(signature, digest)).toEqual(native.publicKey(secretKey))
      // From the group order on, one derives the nonce from the digest, the other from its remainder.
      if (bytesToBigInt(digest) >= SECP256K1_ORDER) return
      expect(portableEcdsa.sign(digest, secretKey)).toEqual(signature)
    })
    fc.assert(property, { numRuns: 60 })
  })

  it('recover the same signer, or none, from anything', () => {
    const property = fc.property(oddWord, oddWord, fc.nat(5), oddWord, (r, s, v, digest) => {
      const signature = concatBytes(r, s, Uint8Array.of(v))
      const signer = portableEcdsa.recover(signature, digest)
      expect(native.recover(signature, digest)).toEqual(signer)
      expect(ecdsaInWasm.recover(signature, digest)).toEqual(signer)
    })
    fc.assert(property, { numRuns: 300 })
  })
})

describe('SM2: OpenSSL, WebAssembly, portable and sm-crypto', () => {
  it('verify what each of the others signed', () => {
    const property = fc.property(scalar(SM2_ORDER - 2n), message, (secretKey, text) => {
      const publicKey = openssl.publicKey(secretKey)
      const keys = { secretKey, publicKey }
      const hexKey = `04${toHex(publicKey)}`
      expect(portableSm2.publicKey(secretKey)).toEqual(publicKey)
      expect(smCrypto.sm2.getPublicKeyFromPrivateKey(toHex(secretKey))).toBe(hexKey)
      const options = { hash: true, publicKey: hexKey, userId: '1234567812345678' }
      const foreign = smCrypto.sm2.doSignature([...text], toHex(secretKey), options)
      const foreignBytes = Uint8Array.from(foreign.match(/../g) ?? [], (pair) => parseInt(pair, 16))
      for (const signature of [
        openssl.sign(text, keys),
        portableSm2.sign(text, keys),
        foreignBytes,
      ]) {
        expect(openssl.verify(signature, text, publicKey)).toBe(true)
        expect(portableSm2.verify(signature, text, publicKey)).toBe(true)
        expect(sm2InWasm.verify(signature, text, publicKey)).toBe(true)
        const theirs = smCrypto.sm2.doVerifySignature([...text], toHex(signature), hexKey, options)
        expect(theirs).toBe(true)
      }
    })
    fc.assert(property, { numRuns: 15 })
  })

  it('agree about what is not a signature', () => {
    const key = portableSm2.publicKey(bigIntToBytes(5n, 32))
    const publicKeys = fc.oneof(
      fc.constant(key),
      fc.tuple(oddWord, oddWord).map((xy) => concatBytes(...xy)),
    )
    const property = fc.property(
      oddWord,
      oddWord,
      publicKeys,
      bytes(32),
      (r, s, publicKey, text) => {
        const signature = concatBytes(r, s)
        const isGood = portableSm2.verify(signature, text, publicKey)
        expect(openssl.verify(signature, text, publicKey)).toBe(isGood)
        expect(sm2InWasm.verify(signature, text, publicKey)).toBe(isGood)
        expect(isGood).toBe(false)
      },
    )
    fc.assert(property, { numRuns: 100 })
  })

  it('sign the same message twice in the same way in portable code: its nonce is derived', () => {
    const keys = {
      secretKey: bigIntToBytes(5n, 32),
      publicKey: portableSm2.publicKey(bigIntToBytes(5n, 32)),
    }
    const text = Uint8Array.of(1, 2, 3)
    expect(portableSm2.sign(text, keys)).toEqual(portableSm2.sign(text, keys))
    expect(portableSm2.sign(text, keys)).not.toEqual(portableSm2.sign(Uint8Array.of(1, 2), keys))
  })
})

describe('hashes: every engine', () => {
  const keccak = wasmKeccak256() ?? portableKeccak256
  const sm3InWasm = wasmSm3() ?? portableSm3
  const opensslHash = opensslSm3() ?? portableSm3

  it('gives the same digests', () => {
    const property = fc.property(message, (text) => {
      expect(keccak.hash(text)).toEqual(keccak256(text))
      expect(sm3InWasm.hash(text)).toEqual(sm3(text))
      expect(opensslHash.hash(text)).toEqual(sm3(text))
      expect(smCrypto.sm3([...text])).toBe(toHex(sm3(text)))
    })
    fc.assert(property, { numRuns: 200 })
  })

  it('gives the same digests of every length around its blocks, and of long messages', () => {
    const lengths = Array.from({ length: 300 }, (_, i) => i)
    for (const length of [...lengths, 2047, 2048, 65_415, 65_416, 65_536, 65_537, 3_000_000]) {
      const text = new Uint8Array(length).fill(length)
      expect(keccak.hash(text)).toEqual(keccak256(text))
      expect(sm3InWasm.hash(text)).toEqual(sm3(text))
      expect(opensslHash.hash(text)).toEqual(sm3(text))
    }
  })

  it('gives the same digests to many at once', async () => {
    const { standard, guomi } = await createNodeSuites()
    const texts = fc.array(
      fc.oneof(
        message,
        fc.nat(140_000).map((n) => new Uint8Array(n)),
      ),
      {
        maxLength: 40,
      },
    )
    const property = fc.property(texts, (parts) => {
      const lengths = Uint32Array.from(parts, (part) => part.length)
      for (const suite of [standard, guomi, standardSuite]) {
        const digests = suite.hashMany(concatBytes(...parts), lengths)
        expect(digests).toEqual(concatBytes(...parts.map((part) => suite.hash(part))))
      }
    })
    fc.assert(property, { numRuns: 10 })
    const lengths = new Uint32Array(3000).fill(1)
    const digests = standard.hashMany(new Uint8Array(3000).fill(9), lengths)
    expect(digests.subarray(32 * 2999)).toEqual(keccak256(Uint8Array.of(9)))
    expect(() => standard.hashMany(new Uint8Array(2), Uint32Array.of(1))).toThrow(RangeError)
  })
})

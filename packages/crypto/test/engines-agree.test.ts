import { bigIntToBytes, bytesToBigInt, concatBytes, toHex } from '@bcos-ts/common'
import * as fc from 'fast-check'
import smCrypto from 'sm-crypto'
import { describe, expect, it } from 'vitest'
import { keccak256, portableEcdsa, portableSm2, portableSm3, sm3 } from '../src/index.ts'
import {
  createNodeSuites,
  nativeEcdsa,
  opensslSm2,
  opensslSm3,
  wasmKeccak256,
} from '../src/node/index.ts'
import { SECP256K1_ORDER } from '../src/secp256k1.ts'
import { SM2_ORDER } from '../src/sm2.ts'

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

it('chooses the fast engines where they run, and says so', async () => {
  const { standard, guomi } = await createNodeSuites()
  const hasBinary = WITH_BINARY.has(`${process.platform}-${process.arch}`)
  expect(standard.engines).toEqual({
    keccak256: 'hash-wasm',
    secp256k1: hasBinary ? 'secp256k1 (native)' : '@noble/curves',
  })
  expect(guomi.engines).toEqual({ sm3: 'node:crypto', sm2: 'node:crypto' })
})

describe('secp256k1: native and portable', () => {
  it('make the same keys and the same signatures', () => {
    const property = fc.property(scalar(SECP256K1_ORDER - 1n), oddWord, (secretKey, digest) => {
      expect(native.publicKey(secretKey)).toEqual(portableEcdsa.publicKey(secretKey))
      const signature = native.sign(digest, secretKey)
      expect(portableEcdsa.recover(signature, digest)).toEqual(native.publicKey(secretKey))
      // From the group order on, one derives the nonce from the digest, the other from its remainder.
      if (bytesToBigInt(digest) >= SECP256K1_ORDER) return
      expect(portableEcdsa.sign(digest, secretKey)).toEqual(signature)
    })
    fc.assert(property, { numRuns: 60 })
  })

  it('recover the same signer, or none, from anything', () => {
    const property = fc.property(oddWord, oddWord, fc.nat(5), oddWord, (r, s, v, digest) => {
      const signature = concatBytes(r, s, Uint8Array.of(v))
      expect(native.recover(signature, digest)).toEqual(portableEcdsa.recover(signature, digest))
    })
    fc.assert(property, { numRuns: 300 })
  })
})

describe('SM2: OpenSSL, portable and sm-crypto', () => {
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
  it('gives the same digests', async () => {
    const keccak = await wasmKeccak256()
    const opensslHash = opensslSm3() ?? portableSm3
    const property = fc.property(message, (text) => {
      expect(keccak.hash(text)).toEqual(keccak256(text))
      expect(opensslHash.hash(text)).toEqual(sm3(text))
      expect(smCrypto.sm3([...text])).toBe(toHex(sm3(text)))
    })
    fc.assert(property, { numRuns: 200 })
    for (const length of [16_384, 16_385, 3_000_000]) {
      const long = new Uint8Array(length).fill(length)
      expect(keccak.hash(long)).toEqual(keccak256(long))
      expect(opensslHash.hash(long)).toEqual(sm3(long))
    }
  })
})

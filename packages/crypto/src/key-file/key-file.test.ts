import { concatBytes, fromHex, isBcosError, type RandomSource, toHex } from '@bcos-ts/common'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import vectors from '../../vectors/key-files.json' with { type: 'json' }
import type { Curve } from '../curve.ts'
import { fromBase64 } from '../der/pem.ts'
import { element } from '../der/write.ts'
import {
  decodePkcs12,
  decodePkcs8,
  decodeSpki,
  type EcKeyPair,
  ecKeyPair,
  encodePkcs12,
  encodePkcs8,
  encodeSec1,
  generateAccountKey,
  generateNodeKey,
  isNodeKey,
  privateKeyFromPem,
  privateKeyToPem,
  privateKeyToSec1Pem,
  publicKeyFromPem,
  publicKeyToPem,
} from './index.ts'

/** What `run` returns or throws. */
function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

const anyOfOurs: unknown = expect.objectContaining({
  code: expect.stringMatching(/^CRYPTO_/) as unknown,
})
const failure = (code: string): unknown => expect.objectContaining({ code })
const curveOf = (name: string): Curve => (name === 'sm2' ? 'sm2' : 'secp256k1')
const keysOf = (sample: (typeof vectors.cases)[number]): EcKeyPair =>
  ecKeyPair(curveOf(sample.curve), fromHex(sample.secretKey))

describe.each(vectors.cases)('files of OpenSSL with a key on $name', (sample) => {
  const keys = keysOf(sample)

  it('are read and written the same in PEM', () => {
    expect(toHex(keys.publicKey)).toBe(sample.publicKey)
    expect(privateKeyFromPem(sample.pkcs8Pem)).toEqual(keys)
    expect(privateKeyFromPem(sample.genkeyPem)).toEqual(keys)
    expect(privateKeyFromPem(privateKeyToSec1Pem(keys))).toEqual(keys)
    const { secretKey: _, ...publicPart } = keys
    expect(publicKeyFromPem(sample.publicPem)).toEqual(publicPart)
    expect(privateKeyToPem(keys)).toBe(sample.pkcs8Pem)
    expect(publicKeyToPem(keys)).toBe(sample.publicPem)
  })

  it('are read behind the parameters of the curve', () => {
    // OpenSSL writes SEC1 on secp256k1, and PKCS#8 on SM2.
    const isSec1 = sample.curve === 'secp256k1'
    const expected = isSec1 ? privateKeyToSec1Pem(keys) : privateKeyToPem(keys)
    expect(sample.genkeyPem.endsWith(expected)).toBe(true)
    expect(sample.genkeyPem).toContain('PARAMETERS')
  })

  it('are opened with a password in PEM', () => {
    for (const pem of sample.encryptedPems) {
      expect(privateKeyFromPem(pem, vectors.passwordOfPems)).toEqual(keys)
      expect(() => privateKeyFromPem(pem)).toThrow(failure('CRYPTO_WRONG_PASSWORD'))
    }
  })

  it.each(sample.stores)('are opened as PKCS#12: $how', ({ password, alias, base64 }) => {
    expect(decodePkcs12(fromBase64(base64), password)).toEqual({ key: keys, name: alias })
    expect(() => decodePkcs12(fromBase64(base64), `${password}x`)).toThrow(
      failure('CRYPTO_WRONG_PASSWORD'),
    )
  })
})

describe('PKCS#12 of our own', () => {
  const keys = ecKeyPair('sm2', fromHex('11'.repeat(32)))

  it('comes back with its name', () => {
    expect(decodePkcs12(encodePkcs12(keys, 'a password'), 'a password')).toEqual({
      key: keys,
      name: 'key',
    })
    const named = encodePkcs12(keys, '密码', { name: 'main' })
    expect(decodePkcs12(named, '密码')).toEqual({ key: keys, name: 'main' })
  })

  it('has other salts each time', () => {
    expect(encodePkcs12(keys, 'a')).not.toEqual(encodePkcs12(keys, 'a'))
  })

  it('notices a change of any part', () => {
    const store = encodePkcs12(keys, 'a password')
    for (let at = 40; at < store.length; at += 17) {
      const changed = store.slice()
      changed[at] = (changed[at] ?? 0) ^ 0x01
      expect(() => decodePkcs12(changed, 'a password')).toThrow(anyOfOurs)
    }
  })
})

/** Length of what is before the content, and of the content. */
function sizesOf(der: Uint8Array, at: number): readonly [number, number] {
  const first = der[at + 1] ?? 0
  if (first < 0x80) return [2, first]
  const size = first & 0x7f
  let length = 0
  for (let i = 0; i < size; i++) length = length * 256 + (der[at + 2 + i] ?? 0)
  return [2 + size, length]
}

function childrenOf(content: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = []
  let at = 0
  while (at < content.length) {
    const [head, length] = sizesOf(content, at)
    parts.push(content.subarray(at, at + head + length))
    at += head + length
  }
  return parts
}

function indefinite(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0))
}

/** The same structure as Bouncy Castle writes it: indefinite lengths, strings in pieces of 100 bytes. */
function toBer(der: Uint8Array): Uint8Array {
  const tag = der[0] ?? 0
  const content = der.subarray(sizesOf(der, 0)[0])
  if ((tag & 0x20) !== 0) return indefinite(tag, childrenOf(content).map(toBer))
  if (tag !== 0x04 || content.length <= 100) return der
  const pieces: Uint8Array[] = []
  for (let at = 0; at < content.length; at += 100) {
    pieces.push(element(0x04, content.subarray(at, at + 100)))
  }
  return indefinite(0x24, pieces)
}

describe('PKCS#12 in BER, as Java key stores are', () => {
  it.each(vectors.cases)('is opened: $name', (sample) => {
    for (const { base64, password } of sample.stores) {
      const { key } = decodePkcs12(toBer(fromBase64(base64)), password)
      expect(toHex(key.secretKey)).toBe(sample.secretKey)
    }
  })
})

describe('files that are not what they say', () => {
  const keys = ecKeyPair('secp256k1', fromHex('22'.repeat(32)))

  it('with a public key of another secret key are refused', () => {
    const other = ecKeyPair('secp256k1', fromHex('33'.repeat(32)))
    const mixed = encodePkcs8({ ...keys, publicKey: other.publicKey })
    expect(() => decodePkcs8(mixed)).toThrow(failure('CRYPTO_INVALID_KEY'))
  })

  it('with another kind of key, or none, are refused', () => {
    const rsa = '-----BEGIN PRIVATE KEY-----\nMBACAQAwCwYJKoZIhvcNAQEB\n-----END PRIVATE KEY-----\n'
    const prime256v1 = fromHex('3013060 72a8648ce3d020106082a8648ce3d030107'.replaceAll(' ', ''))
    const spki = element(0x30, prime256v1, element(0x03, fromHex(`0004${'01'.repeat(64)}`)))
    expect(() => decodeSpki(spki)).toThrow(failure('CRYPTO_UNSUPPORTED'))
    expect(() => privateKeyFromPem(rsa)).toThrow(failure('CRYPTO_UNSUPPORTED'))
    for (const text of ['', 'hello', '-----BEGIN PRIVATE KEY-----\nAAAA', publicKeyToPem(keys)]) {
      expect(() => privateKeyFromPem(text)).toThrow(failure('CRYPTO_INVALID_PEM'))
    }
    const bad = '-----BEGIN PRIVATE KEY-----\n***\n-----END PRIVATE KEY-----\n'
    expect(() => privateKeyFromPem(bad)).toThrow(failure('CRYPTO_INVALID_PEM'))
  })

  it('give an error of ours or a key, whatever the bytes', () => {
    const originals = [encodePkcs8(keys), encodeSec1(keys), encodePkcs12(keys, 'p')]
    const damaged = fc
      .tuple(fc.constantFrom(...originals), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 }))
      .map(([original, at, bytes]) => {
        const copy = original.slice()
        copy.set(bytes, at % (copy.length - 4))
        return copy
      })
    const anything = fc.oneof(damaged, fc.uint8Array({ maxLength: 100 }))
    const readers = [decodePkcs8, decodeSpki, (bytes: Uint8Array) => decodePkcs12(bytes, 'p')]
    const property = fc.property(anything, fc.constantFrom(...readers), (bytes, read) => {
      const result = attempt(() => read(bytes))
      expect(isBcosError(result) || typeof result === 'object').toBe(true)
      expect(result instanceof Error).toBe(isBcosError(result))
    })
    fc.assert(property, { numRuns: 1000 })
  })
})

/** A random source that gives these draws in turn. */
function draws(...hex: readonly string[]): RandomSource {
  const left = [...hex]
  return { bytes: () => fromHex(left.shift() ?? '') }
}

describe('new keys', () => {
  const zero = '00'.repeat(32)
  const tooLarge = 'ff'.repeat(32)
  const leadingZero = `00${'44'.repeat(31)}`
  const good = '55'.repeat(32)

  it('of a node never start with a zero byte', () => {
    const keys = generateNodeKey('secp256k1', draws(leadingZero, zero, tooLarge, good))
    expect(toHex(keys.secretKey)).toBe(good)
    expect(isNodeKey(fromHex(leadingZero))).toBe(false)
  })

  it('of an account may, but are in range', () => {
    const keys = generateAccountKey('sm2', draws(zero, tooLarge, leadingZero))
    expect(toHex(keys.secretKey)).toBe(leadingZero)
    expect(generateAccountKey('sm2')).not.toEqual(generateAccountKey('sm2'))
  })

  it('are not waited for from a broken source', () => {
    const broken = { bytes: (length: number) => new Uint8Array(length) }
    expect(() => generateNodeKey('sm2', broken)).toThrow(failure('CRYPTO_INVALID_KEY'))
  })
})

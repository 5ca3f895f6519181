import { createCipheriv } from 'node:crypto'
import { fromHex, toHex } from '@bcos-ts/common'
import * as fc from 'fast-check'
import { sm4 as smCryptoSm4 } from 'sm-crypto'
import { describe, expect, it } from 'vitest'
import { portableAes256Cbc, portableAesCbc } from '../src/aes.ts'
import type { CbcEngine } from '../src/cbc.ts'
import { tripleDesCbc } from '../src/key-file/triple-des.ts'
import { opensslAes256Cbc, opensslSm4Cbc } from '../src/node/index.ts'
import { portableSm4Cbc } from '../src/sm4.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const anyMessage = fc.uint8Array({ maxLength: 100 })

const ENGINES: readonly (readonly [string, CbcEngine])[] = [
  ['aes-128-cbc', portableAesCbc(16)],
  ['aes-192-cbc', portableAesCbc(24)],
  ['aes-256-cbc', portableAes256Cbc],
  ['aes-256-cbc', opensslAes256Cbc() ?? portableAes256Cbc],
  ['sm4-cbc', portableSm4Cbc],
  ['sm4-cbc', opensslSm4Cbc() ?? portableSm4Cbc],
  ['des-ede3-cbc', tripleDesCbc],
]

describe.each(ENGINES)('%s', (name, cbc) => {
  const key = bytes(cbc.keyBytes)
  const iv = bytes(cbc.blockBytes)

  it('is what OpenSSL computes, and comes back', () => {
    const property = fc.property(key, iv, anyMessage, (k, v, message) => {
      const openssl = createCipheriv(name, k, v)
      const expected = openssl.update(message, undefined, 'hex') + openssl.final('hex')
      const encrypted = cbc.encrypt(k, v, message)
      expect(toHex(encrypted)).toBe(expected)
      expect(cbc.decrypt(k, v, encrypted)).toEqual(message)
    })
    fc.assert(property, { numRuns: 40 })
  })

  it('gives back bytes or CRYPTO_CIPHER for anything it is asked to decrypt', () => {
    const code: unknown = expect.objectContaining({ code: 'CRYPTO_CIPHER' })
    const wrong = [new Uint8Array(0), new Uint8Array(cbc.blockBytes + 1)]
    const zeroKey = new Uint8Array(cbc.keyBytes).map((_, i) => i)
    const zeroIv = new Uint8Array(cbc.blockBytes)
    for (const text of wrong) expect(() => cbc.decrypt(zeroKey, zeroIv, text)).toThrow(code)
    // The last byte of this block decrypts to 0xab, which is no padding.
    const block = cbc.encrypt(zeroKey, zeroIv, new Uint8Array(cbc.blockBytes).fill(0xab))
    const cut = block.subarray(0, cbc.blockBytes)
    expect(() => cbc.decrypt(zeroKey, zeroIv, cut)).toThrow(code)
    expect(() => cbc.decrypt(zeroKey.subarray(1), zeroIv, block)).toThrow(code)
    expect(() => cbc.encrypt(zeroKey, zeroIv.subarray(1), block)).toThrow(code)
  })
})

describe('sm4-cbc', () => {
  it('is what sm-crypto computes', () => {
    const property = fc.property(bytes(16), bytes(16), anyMessage, (key, iv, message) => {
      const options = { mode: 'cbc', iv: toHex(iv), output: 'array' } as const
      const theirs = smCryptoSm4.encrypt([...message], toHex(key), options)
      expect(Uint8Array.from(theirs)).toEqual(portableSm4Cbc.encrypt(key, iv, message))
    })
    fc.assert(property, { numRuns: 40 })
  })
})

it('pads a message of whole blocks with a block more', () => {
  const key = fromHex('0123456789abcdeffedcba9876543210')
  expect(portableSm4Cbc.encrypt(key, key, new Uint8Array(0))).toHaveLength(16)
  expect(portableSm4Cbc.encrypt(key, key, new Uint8Array(16))).toHaveLength(32)
})

import { fromHex, toHex, utf8 } from '@bcos-ts/common'
import { describe, expect, it } from 'vitest'
import vectors from '../vectors/suites.json' with { type: 'json' }
import { guomiSuite } from './guomi.ts'
import { sha256 } from './hash.ts'
import { keccak256 } from './keccak256.ts'
import { portableSm2, sm2Z } from './sm2.ts'
import { sm3 } from './sm3.ts'
import { standardSuite } from './standard.ts'

const suiteOf = (name: string) => (name === 'standard' ? standardSuite : guomiSuite)

describe('values of FISCO BCOS 2.9.1 and its SDKs', () => {
  it.each(vectors.hashes)('hashes of $name', ({ text, ...digests }) => {
    const message = utf8(text)
    expect(toHex(keccak256(message))).toBe(digests.keccak256)
    expect(toHex(sm3(message))).toBe(digests.sm3)
    expect(toHex(sha256(message))).toBe(digests.sha256)
  })

  it.each(vectors.keys)('key $name', ({ suite: name, secretKey, publicKey, address }) => {
    const suite = suiteOf(name)
    const keys = suite.keyPair(fromHex(secretKey))
    expect(toHex(keys.publicKey)).toBe(publicKey)
    expect(toHex(suite.address(keys.publicKey))).toBe(address)
  })

  it.each(vectors.deterministic)('ECDSA with the nonce of RFC 6979: $name', (sample) => {
    const keys = standardSuite.keyPair(fromHex(sample.secretKey))
    expect(toHex(standardSuite.sign(fromHex(sample.digest), keys))).toBe(sample.signature)
  })

  it.each(vectors.sm2Z)('Z of $name', ({ publicKey, z }) => {
    expect(toHex(sm2Z(fromHex(publicKey)))).toBe(z)
  })

  it.each(vectors.sm2Signatures)('SM2 signature over "$message"', (sample) => {
    const publicKey = fromHex(sample.publicKey)
    const signature = fromHex(sample.signature)
    expect(portableSm2.verify(signature, utf8(sample.message), publicKey)).toBe(true)
    expect(portableSm2.verify(signature, utf8(`${sample.message} `), publicKey)).toBe(false)
  })

  it.each(vectors.transactions)('sender of $name', (sample) => {
    const suite = suiteOf(sample.suite)
    const signature = fromHex(sample.signature)
    const publicKey = suite.recover(signature, fromHex(sample.digest))
    expect(publicKey && toHex(publicKey)).toBe(sample.publicKey)
    expect(publicKey && toHex(suite.address(publicKey))).toBe(sample.address)
    expect(suite.isWellFormed(signature)).toBe(true)
  })
})

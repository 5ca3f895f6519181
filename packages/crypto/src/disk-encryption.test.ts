import { fromHex, toHex, utf8 } from '@bcos-ts/common'
import { describe, expect, it } from 'vitest'
import vectors from '../vectors/disk-encryption.json' with { type: 'json' }
import {
  createDiskCipher,
  decryptDataKey,
  decryptKeyFile,
  encryptDataKey,
  encryptKeyFile,
  portableDiskCipherEngines,
  uniformKey,
} from './disk-encryption.ts'
import { nodeDiskCipherEngines } from './node/openssl-ciphers.ts'
import type { SuiteName } from './suite.ts'

const suiteOf = (name: string): SuiteName => (name === 'standard' ? 'standard' : 'guomi')

describe.each([
  ['portable', portableDiskCipherEngines],
  ['node:crypto', nodeDiskCipherEngines()],
])('disk encryption, %s', (_, engines) => {
  it.each(vectors.cases)('keys and values of $name', (sample) => {
    const suite = suiteOf(sample.suite)
    const superKey = createDiskCipher(suite, utf8(sample.superKeyText), engines)
    expect(toHex(uniformKey(suite, utf8(sample.superKeyText)))).toBe(sample.superKey)
    expect(encryptDataKey(superKey, sample.dataKeyText)).toBe(sample.cipherDataKey)
    const dataKey = decryptDataKey(superKey, sample.cipherDataKey)
    expect(dataKey).toEqual(utf8(sample.dataKeyText))
    const disk = createDiskCipher(suite, dataKey, engines)
    expect(toHex(disk.encrypt(fromHex(sample.valuePlain)))).toBe(sample.valueCipherBelow2_7)
    expect(toHex(disk.encrypt(fromHex(sample.valueSnappy)))).toBe(sample.valueCipherFrom2_7)
    expect(toHex(disk.decrypt(fromHex(sample.valueCipherFrom2_7)))).toBe(sample.valueSnappy)
  })

  it('opens the key file of the manual, and writes one that opens again', () => {
    const { dataKeyText, fileContent } = vectors.keyFile
    const cipher = createDiskCipher('standard', utf8(dataKeyText), engines)
    const pem = decryptKeyFile(cipher, `${fileContent}\n`)
    expect(pem).toContain('-----BEGIN PRIVATE KEY-----')
    expect(encryptKeyFile(cipher, pem)).toBe(fileContent)
  })

  it('refuses what was encrypted with another key, and what is no cipher at all', () => {
    const cipher = createDiskCipher('guomi', utf8('another'), engines)
    const [sample] = vectors.cases
    const code: unknown = expect.objectContaining({ code: 'CRYPTO_CIPHER' })
    for (const text of ['', 'xyz', '00', sample?.cipherDataKey ?? '']) {
      expect(() => decryptDataKey(cipher, text)).toThrow(code)
    }
  })
})

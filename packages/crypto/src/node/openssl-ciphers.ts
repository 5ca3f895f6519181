import { createCipheriv, createDecipheriv, getCiphers } from 'node:crypto'
import { concatBytes } from '@bcos-ts/common'
import { assertKeyAndIv, assertWholeBlocks, type CbcEngine } from '../cbc.ts'
import { type DiskCipherEngines, portableDiskCipherEngines } from '../disk-encryption.ts'
import { CipherError } from '../errors.ts'

function opensslCbc(name: string, keyBytes: number): CbcEngine | undefined {
  if (!getCiphers().includes(name)) return undefined
  const sizes = { keyBytes, blockBytes: 16 }
  return {
    engine: 'node:crypto',
    ...sizes,
    encrypt(key, iv, plain) {
      assertKeyAndIv(sizes, key, iv)
      const cipher = createCipheriv(name, key, iv)
      return concatBytes(cipher.update(plain), cipher.final())
    },
    decrypt(key, iv, cipherText) {
      assertKeyAndIv(sizes, key, iv)
      assertWholeBlocks(cipherText, sizes.blockBytes)
      const decipher = createDecipheriv(name, key, iv)
      const plain = decipher.update(cipherText)
      try {
        return concatBytes(plain, decipher.final())
      } catch {
        throw new CipherError('the padding is wrong: another key, or damaged data')
      }
    },
  }
}

/** SM4-CBC by the OpenSSL that Node carries; `undefined` where it was built without. */
export function opensslSm4Cbc(): CbcEngine | undefined {
  return opensslCbc('sm4-cbc', 16)
}

/** AES-256-CBC by the OpenSSL that Node carries. */
export function opensslAes256Cbc(): CbcEngine | undefined {
  return opensslCbc('aes-256-cbc', 32)
}

/** Engines for `createDiskCipher`: OpenSSL, or portable code where it lacks a cipher. */
export function nodeDiskCipherEngines(): DiskCipherEngines {
  return {
    aes256Cbc: opensslAes256Cbc() ?? portableDiskCipherEngines.aes256Cbc,
    sm4Cbc: opensslSm4Cbc() ?? portableDiskCipherEngines.sm4Cbc,
  }
}

/**
 * Encryption of a node's data at rest, and the key-manager's side of it (spec 01 §3.8).
 *
 * A key-manager holds the *super key* and decrypts a node's *cipher data key* at start. With the data key the node
 * encrypts the values of its database (compressed by the storage first) and its private key file.
 * @module
 */
import { concatBytes, fromHex, fromUtf8, isHex, toHex, utf8 } from '@bcos-ts/common'
import { portableAes256Cbc } from './aes.ts'
import type { CbcEngine } from './cbc.ts'
import { fromBase64, toBase64 } from './der/pem.ts'
import { CipherError } from './errors.ts'
import { keccak256 } from './keccak256.ts'
import { sm3 } from './sm3.ts'
import { portableSm4Cbc } from './sm4.ts'
import type { SuiteName } from './suite.ts'

/** A cipher with its key. The IV is the head of the key, so equal values have equal ciphers: 2.x has it so. */
export interface DiskCipher {
  /** Shown in the start-up log. */
  readonly engine: string
  encrypt(plain: Uint8Array): Uint8Array
  /** Throws `CRYPTO_CIPHER` when the bytes were not made with this key. */
  decrypt(cipherText: Uint8Array): Uint8Array
}

/** The block ciphers of the two suites. */
export interface DiskCipherEngines {
  readonly aes256Cbc: CbcEngine
  readonly sm4Cbc: CbcEngine
}

export const portableDiskCipherEngines: DiskCipherEngines = {
  aes256Cbc: portableAes256Cbc,
  sm4Cbc: portableSm4Cbc,
}

/** Key material of any secret: keccak256 (32 bytes), or SM3 four times over (128 bytes). */
export function uniformKey(suite: SuiteName, secret: Uint8Array): Uint8Array {
  if (suite === 'standard') return keccak256(secret)
  const digest = sm3(secret)
  return concatBytes(digest, digest, digest, digest)
}

/** The cipher of a secret: a super key's text, or the data key that the key-manager gave out. */
export function createDiskCipher(
  suite: SuiteName,
  secret: Uint8Array,
  engines: DiskCipherEngines = portableDiskCipherEngines,
): DiskCipher {
  const cbc = suite === 'standard' ? engines.aes256Cbc : engines.sm4Cbc
  const uniform = uniformKey(suite, secret)
  const key = uniform.slice(0, cbc.keyBytes)
  const iv = uniform.slice(0, cbc.blockBytes)
  return {
    engine: cbc.engine,
    encrypt: (plain) => cbc.encrypt(key, iv, plain),
    decrypt: (cipherText) => cbc.decrypt(key, iv, cipherText),
  }
}

/** The key-manager's `encDataKey`: hexadecimal `cipher_data_key` of a data key, under the super key's cipher. */
export function encryptDataKey(superKey: DiskCipher, dataKey: string): string {
  return toHex(superKey.encrypt(utf8(dataKey)))
}

/** The key-manager's `decDataKey`: the bytes of the data key. Throws `CRYPTO_CIPHER`. */
export function decryptDataKey(superKey: DiskCipher, cipherDataKey: string): Uint8Array {
  return superKey.decrypt(hexBytes(cipherDataKey))
}

/** A private key file as an encrypting node keeps it: hexadecimal, without a newline. */
export function encryptKeyFile(dataKey: DiskCipher, pem: string): string {
  return toHex(dataKey.encrypt(utf8(toBase64(utf8(pem)))))
}

/** The PEM text of an encrypted private key file. Throws `CRYPTO_CIPHER` or `CRYPTO_INVALID_PEM`. */
export function decryptKeyFile(dataKey: DiskCipher, text: string): string {
  return fromUtf8(fromBase64(fromUtf8(dataKey.decrypt(hexBytes(text.trim())))))
}

function hexBytes(text: string): Uint8Array {
  if (!isHex(text)) throw new CipherError('the cipher is not hexadecimal text')
  return fromHex(text)
}

/**
 * Cipher block chaining (NIST SP 800-38A §6.2) with the padding of PKCS#7 (RFC 5652 §6.3).
 * @module
 */
import { CipherError } from './errors.ts'

/** A block cipher with its key. Both directions read a block of `input` at `at` and write it to `output`. */
export interface BlockCipher {
  readonly blockBytes: number
  encryptBlock(input: Uint8Array, at: number, output: Uint8Array): void
  decryptBlock(input: Uint8Array, at: number, output: Uint8Array): void
}

/** A cipher in CBC mode with PKCS#7 padding, whoever runs it. */
export interface CbcEngine {
  /** Shown in the start-up log. */
  readonly engine: string
  readonly keyBytes: number
  readonly blockBytes: number
  /** Throws `CRYPTO_CIPHER` when key or IV have another length. */
  encrypt(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array
  /** Throws `CRYPTO_CIPHER` when the padding is wrong: another key, or changed bytes. */
  decrypt(key: Uint8Array, iv: Uint8Array, cipherText: Uint8Array): Uint8Array
}

/** Adds 1 to `blockBytes` bytes, each of which holds their number. */
function pad(plain: Uint8Array, blockBytes: number): Uint8Array {
  const padding = blockBytes - (plain.length % blockBytes)
  const padded = new Uint8Array(plain.length + padding).fill(padding, plain.length)
  padded.set(plain)
  return padded
}

function unpad(padded: Uint8Array, blockBytes: number): Uint8Array {
  const padding = padded.at(-1) ?? 0
  const isGood =
    padding > 0 &&
    padding <= blockBytes &&
    padded.subarray(padded.length - padding).every((byte) => byte === padding)
  if (!isGood) throw new CipherError('the padding is wrong: another key, or damaged data')
  return padded.slice(0, padded.length - padding)
}

function cbcEncrypt(cipher: BlockCipher, iv: Uint8Array, plain: Uint8Array): Uint8Array {
  const { blockBytes } = cipher
  const text = pad(plain, blockBytes)
  const block = iv.slice()
  for (let at = 0; at < text.length; at += blockBytes) {
    for (let i = 0; i < blockBytes; i++) block[i] = (block[i] ?? 0) ^ (text[at + i] ?? 0)
    cipher.encryptBlock(block, 0, block)
    text.set(block, at)
  }
  return text
}

/** Throws `CRYPTO_CIPHER` when length or padding cannot be of this cipher and key. */
function cbcDecrypt(cipher: BlockCipher, iv: Uint8Array, cipherText: Uint8Array): Uint8Array {
  const { blockBytes } = cipher
  assertWholeBlocks(cipherText, blockBytes)
  const plain = new Uint8Array(cipherText.length)
  const block = new Uint8Array(blockBytes)
  for (let at = 0; at < plain.length; at += blockBytes) {
    cipher.decryptBlock(cipherText, at, block)
    const before = at === 0 ? iv : cipherText.subarray(at - blockBytes, at)
    for (let i = 0; i < blockBytes; i++) plain[at + i] = (block[i] ?? 0) ^ (before[i] ?? 0)
  }
  return unpad(plain, blockBytes)
}

export function assertWholeBlocks(cipherText: Uint8Array, blockBytes: number): void {
  if (cipherText.length > 0 && cipherText.length % blockBytes === 0) return
  throw new CipherError(`${cipherText.length} bytes are not whole blocks of ${blockBytes}`)
}

/** Lengths of key and IV, checked in one place for every engine. */
export function assertKeyAndIv(
  engine: Pick<CbcEngine, 'keyBytes' | 'blockBytes'>,
  key: Uint8Array,
  iv: Uint8Array,
): void {
  if (key.length !== engine.keyBytes) {
    throw new CipherError(`the key has ${key.length} bytes instead of ${engine.keyBytes}`)
  }
  if (iv.length !== engine.blockBytes) {
    throw new CipherError(`the IV has ${iv.length} bytes instead of ${engine.blockBytes}`)
  }
}

/** CBC of a portable block cipher. */
export function portableCbc(
  sizes: { readonly keyBytes: number; readonly blockBytes: number },
  withKey: (key: Uint8Array) => BlockCipher,
): CbcEngine {
  return {
    engine: '@bcos-ts/crypto',
    ...sizes,
    encrypt(key, iv, plain) {
      assertKeyAndIv(sizes, key, iv)
      return cbcEncrypt(withKey(key), iv, plain)
    },
    decrypt(key, iv, cipherText) {
      assertKeyAndIv(sizes, key, iv)
      return cbcDecrypt(withKey(key), iv, cipherText)
    },
  }
}

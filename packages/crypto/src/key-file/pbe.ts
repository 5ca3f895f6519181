/**
 * Encryption by password: the schemes of PKCS#12 (RFC 7292 appendix B, C) and PBES2 (RFC 8018 §6.2).
 * @module
 */
import { concatBytes, utf8 } from '@bcos-ts/common'
import { hmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import type { CHash } from '@noble/hashes/utils.js'
import { portableAesCbc } from '../aes.ts'
import type { CbcEngine } from '../cbc.ts'
import { OID } from '../der/oid.ts'
import type { DerReader } from '../der/read.ts'
import { TAG } from '../der/tag.ts'
import * as der from '../der/write.ts'
import { UnsupportedError } from '../errors.ts'
import { tripleDesCbc } from './triple-des.ts'

/** A file may ask for this many rounds at most: about two seconds. OpenSSL writes 2,048, Java 10,000. */
const ITERATIONS_MAX = 1_000_000

/** What a key derived for PKCS#12 is for (RFC 7292 §B.3). */
const PURPOSE = { key: 1, iv: 2, mac: 3 } as const

const HASHES: Readonly<Record<string, CHash>> = {
  [OID.sha1]: sha1,
  [OID.sha256]: sha256,
  [OID.sha512]: sha512,
}
const PSEUDO_RANDOM: Readonly<Record<string, CHash>> = {
  [OID.hmacSha1]: sha1,
  [OID.hmacSha256]: sha256,
  [OID.hmacSha512]: sha512,
}

export function hashOfOid(oid: string): CHash {
  const hash = HASHES[oid]
  if (hash === undefined) throw new UnsupportedError('the hash', oid)
  return hash
}

export function readIterations(reader: DerReader): number {
  const iterations = reader.count()
  if (iterations < 1 || iterations > ITERATIONS_MAX) {
    throw new UnsupportedError('the number of iterations', String(iterations))
  }
  return iterations
}

/** The password as PKCS#12 hashes it: UTF-16 with a zero at the end. */
function bmpPassword(password: string): Uint8Array {
  return concatBytes(der.bmpText(password), Uint8Array.of(0, 0))
}

export interface Derivation {
  readonly hash: CHash
  readonly salt: Uint8Array
  readonly iterations: number
}

/** `bytes` repeated to whole blocks. */
function stretch(bytes: Uint8Array, block: number): Uint8Array {
  const length = block * Math.ceil(bytes.length / block)
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] ?? 0)
}

/** Adds `addend` and 1 to each block of `blocks`, big-endian, the carry out of a block dropped. */
function addToBlocks(blocks: Uint8Array, addend: Uint8Array): void {
  for (let at = 0; at < blocks.length; at += addend.length) {
    let carry = 1
    for (let i = addend.length - 1; i >= 0; i--) {
      carry += (blocks[at + i] ?? 0) + (addend[i] ?? 0)
      blocks[at + i] = carry
      carry >>= 8
    }
  }
}

/** Key derivation of RFC 7292 §B.2. */
function deriveForPkcs12(
  derivation: Derivation,
  password: string,
  purpose: number,
  length: number,
): Uint8Array {
  const { hash, salt, iterations } = derivation
  const { blockLen } = hash
  const diversifier = new Uint8Array(blockLen).fill(purpose)
  const input = concatBytes(stretch(salt, blockLen), stretch(bmpPassword(password), blockLen))
  const output: Uint8Array[] = []
  for (let made = 0; made < length; made += hash.outputLen) {
    let digest: Uint8Array = hash(concatBytes(diversifier, input))
    for (let i = 1; i < iterations; i++) digest = hash(digest)
    output.push(digest)
    addToBlocks(input, stretch(digest, blockLen).subarray(0, blockLen))
  }
  return concatBytes(...output).slice(0, length)
}

/** HMAC over `message` under a key derived for PKCS#12. */
export function macForPkcs12(
  derivation: Derivation,
  password: string,
  message: Uint8Array,
): Uint8Array {
  const { hash } = derivation
  const key = deriveForPkcs12(derivation, password, PURPOSE.mac, hash.outputLen)
  return hmac(hash, key, message)
}

/** pbeWithSHAAnd3-KeyTripleDES-CBC as AlgorithmIdentifier, and `plain` encrypted with it. */
export function encryptTripleDes(
  plain: Uint8Array,
  password: string,
  derivation: Omit<Derivation, 'hash'>,
): { readonly algorithm: Uint8Array; readonly cipherText: Uint8Array } {
  const { salt, iterations } = derivation
  const { key, iv } = tripleDesKey({ ...derivation, hash: sha1 }, password)
  const parameters = der.sequence(der.octetString(salt), der.integer(iterations))
  return {
    algorithm: der.algorithm(OID.pbeSha1TripleDes, parameters),
    cipherText: tripleDesCbc.encrypt(key, iv, plain),
  }
}

function tripleDesKey(
  derivation: Derivation,
  password: string,
): { readonly key: Uint8Array; readonly iv: Uint8Array } {
  return {
    key: deriveForPkcs12(derivation, password, PURPOSE.key, 24),
    iv: deriveForPkcs12(derivation, password, PURPOSE.iv, 8),
  }
}

/**
 * Decrypts with the scheme that an AlgorithmIdentifier names. Throws `CRYPTO_UNSUPPORTED` for a scheme that is
 * not known, `CRYPTO_CIPHER` when the password does not fit.
 */
export function decryptByPassword(
  algorithm: DerReader,
  password: string,
  cipherText: Uint8Array,
): Uint8Array {
  const scheme = algorithm.oid()
  if (scheme === OID.pbeSha1TripleDes) {
    const parameters = algorithm.sequence()
    const salt = parameters.octets()
    const iterations = readIterations(parameters)
    const { key, iv } = tripleDesKey({ hash: sha1, salt, iterations }, password)
    return tripleDesCbc.decrypt(key, iv, cipherText)
  }
  if (scheme === OID.pbes2) return decryptPbes2(algorithm.sequence(), password, cipherText)
  throw new UnsupportedError('the password scheme', scheme)
}

function decryptPbes2(parameters: DerReader, password: string, cipherText: Uint8Array): Uint8Array {
  const derivation = parameters.sequence()
  const encryption = parameters.sequence()
  const name = derivation.oid()
  if (name !== OID.pbkdf2) throw new UnsupportedError('the key derivation', name)
  const kdf = derivation.sequence()
  const salt = kdf.octets()
  const c = readIterations(kdf)
  if (kdf.nextTag === TAG.integer) kdf.integer() // The key length, which the cipher says as well.
  const prf = kdf.isAtEnd ? OID.hmacSha1 : kdf.sequence().oid()
  const hash = PSEUDO_RANDOM[prf]
  if (hash === undefined) throw new UnsupportedError('the pseudo-random function', prf)
  const cipher = cipherOfOid(encryption.oid())
  const key = pbkdf2(hash, utf8(password), salt, { c, dkLen: cipher.keyBytes })
  return cipher.decrypt(key, encryption.octets(), cipherText)
}

function cipherOfOid(oid: string): CbcEngine {
  switch (oid) {
    case OID.aes128Cbc:
      return portableAesCbc(16)
    case OID.aes192Cbc:
      return portableAesCbc(24)
    case OID.aes256Cbc:
      return portableAesCbc(32)
    case OID.tripleDesCbc:
      return tripleDesCbc
    default:
      throw new UnsupportedError('the cipher', oid)
  }
}

import { decodePem, encodePem, type PemBlock } from '../der/pem.ts'
import { InvalidPemError, WrongPasswordError } from '../errors.ts'
import {
  decodePkcs8,
  decodeSec1,
  decodeSpki,
  type EcKeyPair,
  type EcPublicKey,
  encodePkcs8,
  encodeSec1,
  encodeSpki,
} from './ec-key.ts'
import { decryptPrivateKeyInfo } from './pkcs12.ts'

/** A node or account key as 2.x writes it: PEM `PRIVATE KEY`, PKCS#8 without a password. */
export function privateKeyToPem(key: EcKeyPair): string {
  return encodePem('PRIVATE KEY', encodePkcs8(key))
}

/** PEM `EC PRIVATE KEY`, as `openssl ecparam -genkey` writes it. */
export function privateKeyToSec1Pem(key: EcKeyPair): string {
  return encodePem('EC PRIVATE KEY', encodeSec1(key))
}

/** PEM `PUBLIC KEY`, the file beside an account. */
export function publicKeyToPem(key: EcPublicKey): string {
  return encodePem('PUBLIC KEY', encodeSpki(key))
}

/**
 * The first private key of a PEM text: `PRIVATE KEY`, `EC PRIVATE KEY`, or `ENCRYPTED PRIVATE KEY` with a
 * password. Throws `CRYPTO_INVALID_PEM`, `CRYPTO_INVALID_DER`, `CRYPTO_INVALID_KEY`, `CRYPTO_UNSUPPORTED` or
 * `CRYPTO_WRONG_PASSWORD`.
 */
export function privateKeyFromPem(text: string, password?: string): EcKeyPair {
  for (const block of decodePem(text)) {
    const key = readPrivate(block, password)
    if (key !== undefined) return key
  }
  throw new InvalidPemError('no private key found')
}

function readPrivate({ label, der }: PemBlock, password?: string): EcKeyPair | undefined {
  if (label === 'PRIVATE KEY') return decodePkcs8(der)
  if (label === 'EC PRIVATE KEY') return decodeSec1(der)
  if (label !== 'ENCRYPTED PRIVATE KEY') return undefined
  if (password === undefined) throw new WrongPasswordError('encrypted private key')
  return decodePkcs8(decryptPrivateKeyInfo(der, password))
}

/** The first public key of a PEM text. Throws as {@link privateKeyFromPem} does. */
export function publicKeyFromPem(text: string): EcPublicKey {
  const block = decodePem(text).find(({ label }) => label === 'PUBLIC KEY')
  if (block === undefined) throw new InvalidPemError('no public key found')
  return decodeSpki(block.der)
}

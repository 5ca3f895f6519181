import { type RandomSource, systemRandom, toHex } from '@bcos-ts/common'
import { type CryptoSuite, guomiSuite, type KeyPair, standardSuite } from '@bcos-ts/crypto'
import {
  curveOf,
  decodePkcs12,
  type EcKeyPair,
  generateAccountKey,
  privateKeyFromPem,
} from '@bcos-ts/crypto/key-file'
import {
  type Address,
  signTransaction,
  type Transaction,
  type TransactionFields,
} from '@bcos-ts/protocol'

/** A key and the address it owns, under one suite. */
export interface Account {
  /** 40 digits without `0x`. */
  readonly address: Address
  /** X || Y, 64 bytes. */
  readonly publicKey: Uint8Array
  readonly suite: CryptoSuite
  sign(fields: TransactionFields): Transaction
}

/** Throws `CRYPTO_INVALID_KEY` for anything but 32 bytes that are a key. */
export function accountOf(secretKey: Uint8Array, suite: CryptoSuite): Account {
  const keys: KeyPair = suite.keyPair(secretKey)
  return {
    address: toHex(suite.address(keys.publicKey)),
    publicKey: keys.publicKey,
    suite,
    sign: (fields) => signTransaction(fields, keys, suite),
  }
}

/** A new account. */
export function generateAccount(suite: CryptoSuite, random: RandomSource = systemRandom): Account {
  return accountOf(generateAccountKey(curveOf(suite.name), random).secretKey, suite)
}

/**
 * The account of a PEM file (PKCS#8 or SEC1); the curve of its key decides the suite.
 * Throws `CRYPTO_INVALID_PEM`, `CRYPTO_WRONG_PASSWORD` and what reading its content throws.
 */
export function accountFromPem(pem: string, password?: string): Account {
  return accountOfKey(privateKeyFromPem(pem, password))
}

/** The account of a PKCS#12 file. Throws `CRYPTO_WRONG_PASSWORD`, `CRYPTO_INVALID_DER`, `CRYPTO_UNSUPPORTED`. */
export function accountFromPkcs12(bytes: Uint8Array, password: string): Account {
  return accountOfKey(decodePkcs12(bytes, password).key)
}

function accountOfKey({ curve, secretKey }: EcKeyPair): Account {
  return accountOf(secretKey, curve === 'sm2' ? guomiSuite : standardSuite)
}

import { toHex } from '@bcos-ts/common'
import type { CryptoSuite, KeyPair } from '@bcos-ts/crypto'
import {
  type Address,
  signTransaction,
  type Transaction,
  type TransactionFields,
} from '@bcos-ts/protocol'

/** A key and the address it owns, under one suite. */
export interface Account {
  readonly address: Address
  readonly suite: CryptoSuite
  sign(fields: TransactionFields): Transaction
}

/** Throws `CRYPTO_INVALID_KEY` for anything but 32 bytes that are a key. */
export function accountOf(secretKey: Uint8Array, suite: CryptoSuite): Account {
  const keys: KeyPair = suite.keyPair(secretKey)
  return {
    address: toHex(suite.address(keys.publicKey)),
    suite,
    sign: (fields) => signTransaction(fields, keys, suite),
  }
}

import { signTransaction, type Transaction, type TransactionFields } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import * as fc from 'fast-check'
import { anyAddress, anyBytes, anyUint } from './primitives.ts'

/** Any ten fields that can be signed: calls and creations, numbers up to 256 bits. */
export function anyTransactionFields(): fc.Arbitrary<TransactionFields> {
  return fc.record({
    nonce: anyUint(256),
    gasPrice: anyUint(256),
    gas: anyUint(256),
    blockLimit: anyUint(256),
    to: fc.option(anyAddress(), { nil: undefined }),
    value: anyUint(256),
    data: fc.uint8Array({ maxLength: 300 }),
    chainId: anyUint(256),
    groupId: anyUint(256),
    extraData: fc.uint8Array({ maxLength: 60 }),
  })
}

/** A transaction with a good signature of somebody. */
export function anyTransaction(suite: CryptoSuite): fc.Arbitrary<Transaction> {
  // The first byte keeps every secret key below the order of either curve, the last one above zero.
  const secretKey = anyBytes(32).map((bytes) => {
    const key = bytes.slice()
    key[0] = 0
    key[31] = (key[31] ?? 0) | 1
    return key
  })
  return fc
    .tuple(anyTransactionFields(), secretKey)
    .map(([fields, key]) => signTransaction(fields, suite.keyPair(key), suite))
}

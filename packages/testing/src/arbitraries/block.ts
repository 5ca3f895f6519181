import type { Block, BlockHeader, BlockSignature } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import * as fc from 'fast-check'
import { anyBytes, anyHash, anyNodeId, anyUint } from './primitives.ts'
import { anyReceipt } from './receipt.ts'
import { anyTransaction } from './transaction.ts'

/** Any header: roots and hashes belong to nothing. */
export function anyHeader(): fc.Arbitrary<BlockHeader> {
  return fc.record({
    parentHash: anyHash(),
    stateRoot: anyHash(),
    transactionsRoot: anyHash(),
    receiptsRoot: anyHash(),
    dbHash: anyHash(),
    logBloom: anyBytes(256),
    number: fc.nat(),
    gasLimit: anyUint(256),
    gasUsed: anyUint(256),
    timestamp: anyUint(63),
    extraData: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 2 }),
    sealer: anyUint(16),
    sealerList: fc.uniqueArray(anyNodeId(), { maxLength: 7 }),
  })
}

/** A signature list: distinct indices, signatures of nobody. */
export function anySignatures(suite: CryptoSuite): fc.Arbitrary<BlockSignature[]> {
  const one = fc.record({ index: fc.nat({ max: 100 }), signature: anyBytes(suite.signatureBytes) })
  return fc.uniqueArray(one, { maxLength: 7, selector: ({ index }) => index })
}

/** Any block: its parts are well formed and belong to nothing. */
export function anyBlock(suite: CryptoSuite): fc.Arbitrary<Block> {
  return fc.record({
    header: anyHeader(),
    transactions: fc.array(anyTransaction(suite), { maxLength: 5 }),
    receipts: fc.array(anyReceipt(), { maxLength: 5 }),
    signatures: anySignatures(suite),
  })
}

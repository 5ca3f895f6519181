import { to0x } from '@bcos-ts/common'
import type { Block, BlockHeader, BlockSignature, CryptoSuite } from '@bcos-ts/protocol'
import type { JsonObject, JsonValue } from '../json.ts'
import { quantity } from './format.ts'
import { minedTransactionView } from './transaction.ts'

/** Members common to blocks and headers; the number has a form of its own in each (spec 02 §14.6). */
function headerMembers(header: BlockHeader, hash: Uint8Array): JsonObject {
  return {
    dbHash: to0x(header.dbHash),
    extraData: header.extraData.map(to0x),
    gasLimit: quantity(header.gasLimit),
    gasUsed: quantity(header.gasUsed),
    hash: to0x(hash),
    logsBloom: to0x(header.logBloom),
    parentHash: to0x(header.parentHash),
    receiptsRoot: to0x(header.receiptsRoot),
    sealer: quantity(header.sealer),
    sealerList: header.sealerList,
    stateRoot: to0x(header.stateRoot),
    timestamp: quantity(header.timestamp),
    transactionsRoot: to0x(header.transactionsRoot),
  }
}

function signatureList(signatures: readonly BlockSignature[]): JsonValue {
  return signatures.map(({ index, signature }) => ({
    index: quantity(index),
    signature: to0x(signature),
  }))
}

/** A header; `signatures` are shown when they are given. Its number is a JSON integer. */
export function headerView(
  header: BlockHeader,
  hash: Uint8Array,
  signatures: readonly BlockSignature[] | undefined,
): JsonObject {
  return {
    ...headerMembers(header, hash),
    number: header.number,
    signatureList: signatures === undefined ? undefined : signatureList(signatures),
  }
}

/** A block with the hashes of its transactions. Its number is a quantity. */
export function blockView(block: Block, hash: Uint8Array): JsonObject {
  return {
    ...headerMembers(block.header, hash),
    number: quantity(block.header.number),
    transactions: block.transactions.map((one) => to0x(one.hash)),
  }
}

/** A block with whole transactions and the signatures of the sealers. */
export function fullBlockView(block: Block, hash: Uint8Array, suite: CryptoSuite): JsonObject {
  const { header } = block
  const place = { blockNumber: header.number, blockHash: hash }
  return {
    ...headerMembers(header, hash),
    number: quantity(header.number),
    signatureList: signatureList(block.signatures),
    transactions: block.transactions.map((transaction, index) =>
      minedTransactionView({ transaction, index, ...place }, suite),
    ),
  }
}

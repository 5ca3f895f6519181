import { fromHex } from '@bcos-ts/common'
import { type Block, type Receipt, type Transaction, ZERO_HASH } from '@bcos-ts/protocol'

/** A receipt as JSON-RPC shows it. */
export interface ReceiptJson {
  readonly blockHash: string
  readonly blockNumber: string
  readonly contractAddress: string
  readonly gasUsed: string
  readonly logs: readonly {
    readonly address: string
    readonly data: string
    readonly topics: readonly string[]
  }[]
  readonly logsBloom: string
  readonly output: string
  readonly remainGas: string
  readonly root: string
  readonly status: string
}

function receiptOf(json: ReceiptJson): Receipt {
  return {
    stateRoot: fromHex(json.root),
    gasUsed: BigInt(json.gasUsed),
    contractAddress: json.contractAddress.slice(2),
    logBloom: fromHex(json.logsBloom),
    status: Number(json.status),
    output: fromHex(json.output),
    remainGas: BigInt(json.remainGas),
    logs: json.logs.map(({ address, data, topics }) => ({
      address: address.slice(2),
      data: fromHex(data),
      topics: topics.map(fromHex),
    })),
  }
}

/** The block of one transaction of which only the receipt was recorded; its header is not the real one. */
export function minedBlock(transaction: Transaction, json: ReceiptJson) {
  const receipt = receiptOf(json)
  const block: Block = {
    header: {
      parentHash: ZERO_HASH,
      stateRoot: receipt.stateRoot,
      transactionsRoot: ZERO_HASH,
      receiptsRoot: ZERO_HASH,
      dbHash: ZERO_HASH,
      logBloom: new Uint8Array(256),
      number: Number(json.blockNumber),
      gasLimit: 0n,
      gasUsed: 0n,
      timestamp: 0n,
      extraData: [],
      sealer: 0n,
      sealerList: [],
    },
    transactions: [transaction],
    receipts: [receipt],
    signatures: [],
  }
  return { block, receipt, blockHash: fromHex(json.blockHash), index: 0 }
}

/** A log of a receipt. */
export interface ReceiptLog {
  /** `0x` text. */
  readonly address: string
  readonly topics: readonly Uint8Array[]
  readonly data: Uint8Array
}

/** What receipts have alone and in a batch (spec 02 §14.6, §14.8). Hashes and addresses are `0x` text. */
export interface ReceiptSummary {
  readonly transactionHash: string
  readonly transactionIndex: number
  readonly from: string
  /** All zero for a creation. */
  readonly to: string
  /** All zero unless a contract was created. */
  readonly contractAddress: string
  readonly gasUsed: bigint
  /** 0 is success; see `TransactionStatus` of `@bcos-ts/protocol`. */
  readonly status: number
  readonly output: Uint8Array
  readonly logs: readonly ReceiptLog[]
}

/** A receipt with its place in the chain. */
export interface TransactionReceipt extends ReceiptSummary {
  readonly blockNumber: number
  readonly blockHash: string
  readonly input: Uint8Array
  /** State root behind the transaction. */
  readonly root: string
  readonly logsBloom: Uint8Array
  /** Name of the status. */
  readonly statusMessage: string
  /** Gas that the sender has left, where the chain accounts for it. */
  readonly remainGas: bigint
}

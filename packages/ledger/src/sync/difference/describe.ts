/**
 * What can be said of a block that has another result here, without anybody's help.
 * @module
 */
import { bytesToText, equalBytes, isBcosError, to0x, toHex } from '@bcos-ts/common'
import {
  type BlockHeader,
  type CryptoSuite,
  decodeList,
  decodeReceipt,
  hashReceipt,
  type LogEntry,
  merkleRoot,
  type Receipt,
} from '@bcos-ts/protocol'
import type {
  BlockExecutor,
  BlockTrace,
  DifferingField,
  DifferingReceipt,
  ExecutionDifference,
  PlacedTransaction,
} from '@bcos-ts/protocol/ports'
import type { DifferingBlock } from '../blocks/import-block.ts'
import { type Writers, writersOf, writtenRows } from './compare-rows.ts'
import { differingField } from './values.ts'

const BLOCK_ITEMS = 5
const RECEIPTS_ITEM = 4
const WRITTEN_MAX = 2000

/** A difference, and what comparing rows needs further. */
export interface Described {
  readonly difference: ExecutionDifference
  readonly writers: Writers
  readonly transactions: readonly PlacedTransaction[]
}

/** Executes the block once more, in order, where the executor can tell what each transaction writes. */
export function describeDifference(
  { bytes, block, hash, own }: DifferingBlock,
  components: {
    readonly suite: CryptoSuite
    readonly executor: Pick<BlockExecutor, 'trace'>
    readonly from: string
    readonly atMs: number
  },
): Described {
  const { suite, executor, from, atMs } = components
  const trace = traced(executor, block)
  const writers = writersOf(trace?.written ?? [])
  const transactions = block.transactions.map(({ hashText }, index) => ({ index, hash: hashText }))
  const theirs = receiptsIn(bytes, { suite, root: block.header.receiptsRoot })
  const receipts = compareReceipts(theirs ?? [], own.block.receipts, { transactions, suite })
  const rows = own.tables.hashedRows?.() ?? []
  const written = writtenRows(rows, { writers, suite, most: WRITTEN_MAX })
  const difference: ExecutionDifference = {
    code: 'SYNC_EXECUTION_DIFFERS',
    height: block.header.number,
    atMs,
    expectedHash: toHex(hash),
    ownHash: toHex(own.hash),
    from,
    header: headerFields(
      { header: block.header, receipts: theirs },
      { header: own.block.header, receipts: own.block.receipts },
    ),
    hasReceipts: theirs !== undefined,
    receipt: receipts[0] ?? null,
    differingReceipts: receipts.length,
    isCausedByLanes: trace !== undefined && equalBytes(trace.executed.hash, hash),
    row: null,
    differingRows: 0,
    rows: '',
    transactions: transactions.map((one) => one.hash),
    written: written.rows,
    writtenLeftOut: written.leftOut,
  }
  return { difference, writers, transactions }
}

function traced(
  executor: Pick<BlockExecutor, 'trace'>,
  block: DifferingBlock['block'],
): BlockTrace | undefined {
  try {
    return executor.trace?.(block)
  } catch (error) {
    // An executor at odds with the group may well fail here too; the report goes on without.
    if (!isBcosError(error)) throw error
    return undefined
  }
}

/** The receipts that came with the block, when they are those of its header. */
function receiptsIn(
  bytes: Uint8Array,
  { suite, root }: { readonly suite: CryptoSuite; readonly root: Uint8Array },
): readonly Receipt[] | undefined {
  try {
    const list = decodeList(bytes, BLOCK_ITEMS).list(RECEIPTS_ITEM)
    const receipts = list.items.map((_, i) => decodeReceipt(list.list(i)))
    const hashes = receipts.map((receipt) => hashReceipt(receipt, suite))
    return equalBytes(merkleRoot(hashes, suite), root) ? receipts : undefined
  } catch (error) {
    if (!isBcosError(error)) throw error
    return undefined
  }
}

interface Side {
  readonly header: BlockHeader
  readonly receipts: readonly Receipt[] | undefined
}

/** Equal fields are given too: that the transactions are the same is worth knowing. */
function headerFields(expected: Side, own: Side): readonly DifferingField[] {
  const names = ['stateRoot', 'receiptsRoot', 'transactionsRoot', 'dbHash'] as const
  return [
    ...names.map((field) => ({
      field,
      expected: to0x(expected.header[field]),
      own: to0x(own.header[field]),
    })),
    {
      field: 'gas of all receipts',
      expected: gasOf(expected.receipts),
      own: gasOf(own.receipts),
    },
  ]
}

function gasOf(receipts: readonly Receipt[] | undefined): string | null {
  if (receipts === undefined) return null
  return String(receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0n))
}

/** Without the state root, which every receipt of a block repeats. */
function compareReceipts(
  expected: readonly Receipt[],
  own: readonly Receipt[],
  {
    transactions,
    suite,
  }: { readonly transactions: readonly PlacedTransaction[]; readonly suite: CryptoSuite },
): DifferingReceipt[] {
  return expected.flatMap((receipt, index) => {
    const transaction = transactions[index]
    const ours = own[index]
    if (transaction === undefined || ours === undefined) return []
    const a = receiptTexts(receipt)
    const b = receiptTexts(ours)
    const names = Object.keys(a).filter((name) => a[name] !== b[name])
    const fields = names.map((name) =>
      differingField(name, { expected: a[name], own: b[name] }, suite),
    )
    return fields.length === 0 ? [] : [{ transaction, fields }]
  })
}

function receiptTexts(receipt: Receipt): Readonly<Record<string, string>> {
  return {
    status: String(receipt.status),
    gasUsed: String(receipt.gasUsed),
    contractAddress: receipt.contractAddress,
    output: bytesToText(receipt.output),
    remainGas: String(receipt.remainGas),
    logs: receipt.logs.map(logText).join(' '),
  }
}

const logText = ({ address, topics, data }: LogEntry): string =>
  `${address}[${topics.map(to0x).join(',')}]${to0x(data)}`

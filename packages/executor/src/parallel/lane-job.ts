/**
 * A segment on its way to another thread, and what that thread does with it.
 * @module
 */
import type { Address } from '@bcos-ts/protocol'
import type { TableChange } from '@bcos-ts/protocol/ports'
import type { ExecutableTransaction } from '../execute-transaction.ts'
import type { SeenHeader } from '../world.ts'
import {
  type LaneReport,
  type LaneResult,
  packChanges,
  packResult,
  unpackChanges,
  unpackResult,
} from './lane-result.ts'
import type { Lane } from './lane.ts'
import { Packer, Unpacker } from './packing.ts'

/** The block that a segment is part of. */
export interface LaneBlock {
  readonly header: SeenHeader
  readonly parentNumber: number
  readonly parentHash: Uint8Array
  /** What the block has changed before the segment. */
  readonly changes: readonly TableChange[]
}

/** What of it lanes execute. */
export interface LaneSegment {
  readonly transactions: ReadonlyMap<number, ExecutableTransaction>
  readonly units: readonly (readonly number[])[]
}

export function packJob(
  block: LaneBlock,
  { transactions, units }: LaneSegment,
): Uint8Array<ArrayBuffer> {
  const to = new Packer()
  to.integer(block.header.number)
  to.big(block.header.timestamp)
  to.big(block.header.gasLimit)
  to.integer(block.parentNumber)
  to.bytes(block.parentHash)
  packChanges(block.changes, to)
  to.list(units, (unit) => to.list(unit, (index) => to.integer(index)))
  to.list([...transactions], ([index, transaction]) => {
    to.integer(index)
    packTransaction(transaction, to)
  })
  return to.finish()
}

export function unpackJob(bytes: Uint8Array): { readonly block: LaneBlock } & LaneSegment {
  const from = new Unpacker(bytes)
  const header = { number: from.integer(), timestamp: from.big(), gasLimit: from.big() }
  const parentNumber = from.integer()
  const parentHash = from.bytes()
  const changes = unpackChanges(from)
  const units = from.list(() => from.list(() => from.integer()))
  const transactions = new Map(from.list(() => [from.integer(), unpackTransaction(from)] as const))
  return { block: { header, parentNumber, parentHash, changes }, units, transactions }
}

function packTransaction(transaction: ExecutableTransaction, to: Packer): void {
  to.text(transaction.origin)
  to.text(transaction.to ?? '')
  to.big(transaction.value)
  to.bytes(transaction.data)
  to.big(transaction.gas)
  to.big(transaction.gasPrice)
}

function unpackTransaction(from: Unpacker): ExecutableTransaction {
  const origin: Address = from.text()
  const to = from.text()
  return {
    origin,
    to: to === '' ? undefined : to,
    value: from.big(),
    data: from.bytes(),
    gas: from.big(),
    gasPrice: from.big(),
    isSigned: true,
  }
}

/** Takes units until there are none left, and gives what the lane made of them. */
export function runUnits(
  lane: Lane,
  { transactions, units }: LaneSegment,
  take: () => number | undefined,
): LaneReport {
  const results: LaneResult[] = []
  const refused: number[] = []
  for (let unit = take(); unit !== undefined; unit = take()) {
    for (const index of units[unit] ?? []) {
      const transaction = transactions.get(index)
      const result = transaction && lane.run(index, transaction)
      if (result === undefined) refused.push(index)
      else results.push(result)
    }
  }
  return { results, refused }
}

export function packReport({ results, refused }: LaneReport): Uint8Array<ArrayBuffer> {
  const to = new Packer()
  to.list(results, (result) => packResult(result, to))
  to.list(refused, (index) => to.integer(index))
  return to.finish()
}

export function unpackReport(bytes: Uint8Array): LaneReport {
  const from = new Unpacker(bytes)
  return {
    results: from.list(() => unpackResult(from)),
    refused: from.list(() => from.integer()),
  }
}

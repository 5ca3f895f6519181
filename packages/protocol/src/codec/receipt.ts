import { fromHex, toHex } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import { InvalidBlockError } from '../errors.ts'
import type { LogEntry, Receipt } from '../receipt.ts'
import { RlpWriter } from './rlp-writer.ts'
import type { RlpList } from './rlp.ts'

const own = new RlpWriter()

/** RLP of a receipt in the form of 2.9 (spec 01 §5.1). */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  own.clear()
  writeReceipt(own, receipt)
  return own.take()
}

/** The hash of its encoding, which names it in the tree of receipts (spec 01 §6). */
export function hashReceipt(receipt: Receipt, suite: CryptoSuite): Uint8Array {
  own.clear()
  writeReceipt(own, receipt)
  return own.lend((bytes) => suite.hash(bytes))
}

export function writeReceipt(writer: RlpWriter, receipt: Receipt): void {
  const list = writer.beginList()
  writer.bytes(receipt.stateRoot)
  writer.integer(receipt.gasUsed)
  writer.bytes(fromHex(receipt.contractAddress))
  writer.bytes(receipt.logBloom)
  writer.integer(receipt.status)
  writer.bytes(receipt.output)
  writer.integer(receipt.remainGas)
  const logs = writer.beginList()
  for (const log of receipt.logs) writeLog(writer, log)
  writer.endList(logs)
  writer.endList(list)
}

function writeLog(writer: RlpWriter, log: LogEntry): void {
  const list = writer.beginList()
  writer.bytes(fromHex(log.address))
  const topics = writer.beginList()
  for (const topic of log.topics) writer.bytes(topic)
  writer.endList(topics)
  writer.bytes(log.data)
  writer.endList(list)
}

/** Throws `PROTOCOL_INVALID_RLP` or `PROTOCOL_INVALID_BLOCK`. */
export function decodeReceipt(list: RlpList): Receipt {
  const status = list.number(4)
  if (status > 0xffff_ffff) throw new InvalidBlockError('receipt', `status ${status}`)
  const logs = list.list(7)
  return {
    stateRoot: list.fixed(0, 32),
    gasUsed: list.bigint(1),
    contractAddress: toHex(list.fixed(2, 20)),
    logBloom: list.fixed(3, 256),
    status,
    output: list.bytes(5),
    remainGas: list.bigint(6),
    logs: logs.items.map((_, i) => decodeLog(logs.list(i))),
  }
}

function decodeLog(list: RlpList): LogEntry {
  const topics = list.list(1)
  return {
    address: toHex(list.fixed(0, 20)),
    topics: topics.items.map((_, i) => topics.fixed(i, 32)),
    data: list.bytes(2),
  }
}

import { fromHex, toHex } from '@bcos-ts/common'
import { InvalidBlockError } from '../errors.ts'
import type { LogEntry, Receipt } from '../receipt.ts'
import { encodeBytes, encodeInteger, encodeList, type RlpList } from './rlp.ts'

/** RLP of a receipt in the form of 2.9 (spec 01 §5.1). */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  return encodeList([
    encodeBytes(receipt.stateRoot),
    encodeInteger(receipt.gasUsed),
    encodeBytes(fromHex(receipt.contractAddress)),
    encodeBytes(receipt.logBloom),
    encodeInteger(receipt.status),
    encodeBytes(receipt.output),
    encodeInteger(receipt.remainGas),
    encodeList(receipt.logs.map(encodeLog)),
  ])
}

function encodeLog(log: LogEntry): Uint8Array {
  return encodeList([
    encodeBytes(fromHex(log.address)),
    encodeList(log.topics.map(encodeBytes)),
    encodeBytes(log.data),
  ])
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

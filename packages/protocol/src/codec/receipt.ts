import { bigIntToMinimalBytes, EMPTY_BYTES, fromHex, toHex } from '@bcos-ts/common'
import { InvalidBlockError } from '../errors.ts'
import { ZERO_ADDRESS } from '../primitives.ts'
import type { LogEntry, Receipt } from '../receipt.ts'
import { EMPTY_LIST, encodeBytes, encodeList, encodeStrings, type RlpList } from './rlp.ts'

const ZERO_ADDRESS_BYTES: Uint8Array = new Uint8Array(20)

/** RLP of a receipt in the form of 2.9 (spec 01 §5.1). */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const { contractAddress, logs } = receipt
  return encodeStrings(
    [
      receipt.stateRoot,
      integerBytes(receipt.gasUsed),
      contractAddress === ZERO_ADDRESS ? ZERO_ADDRESS_BYTES : fromHex(contractAddress),
      receipt.logBloom,
      integerBytes(BigInt(receipt.status)),
      receipt.output,
      integerBytes(receipt.remainGas),
    ],
    logs.length === 0 ? EMPTY_LIST : encodeList(logs.map(encodeLog)),
  )
}

function integerBytes(value: bigint): Uint8Array {
  return value === 0n ? EMPTY_BYTES : bigIntToMinimalBytes(value)
}

function encodeLog(log: LogEntry): Uint8Array {
  return encodeList([
    encodeBytes(fromHex(log.address)),
    encodeStrings(log.topics),
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

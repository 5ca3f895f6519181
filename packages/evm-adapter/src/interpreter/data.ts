/**
 * Instructions that read the environment and move bytes: call data, code, return data, memory, storage, logs.
 * @module
 */
import { bytesToBigInt, EMPTY_BYTES } from '@bcos-ts/common'
import type { Address } from '@bcos-ts/protocol'
import type { Frame, Instruction, Operation } from './frame.ts'
import {
  COPY_WORD,
  HASH_WORD,
  LOG_BYTE,
  SSTORE_CLEAR_REFUND,
  SSTORE_SENTRY,
  wordsOf,
} from './gas.ts'

const ADDRESS_MASK = 2n ** 160n - 1n
/** Beyond the end of anything: reading there gives zeros. */
const FAR = 2 ** 40

/** Address of the low 160 bits. */
export function toAddress(value: bigint): Address {
  return (value & ADDRESS_MASK).toString(16).padStart(40, '0')
}

const fromAddress = (address: Address): bigint => BigInt(`0x${address}`)
const fromHash = (hash: Uint8Array | undefined): bigint =>
  hash === undefined ? 0n : bytesToBigInt(hash)
const place = (value: bigint): number => (value > BigInt(FAR) ? FAR : Number(value))

export const address: Operation = (frame: Frame) => frame.push(fromAddress(frame.message.recipient))
export const origin: Operation = (frame: Frame) =>
  frame.push(fromAddress(frame.host.context.origin))
export const caller: Operation = (frame: Frame) => frame.push(fromAddress(frame.message.sender))
export const callvalue: Operation = (frame: Frame) => frame.push(frame.message.value)
export const gasprice: Operation = (frame: Frame) => frame.push(frame.host.context.gasPrice)
export const timestamp: Operation = (frame: Frame) => frame.push(frame.host.context.timestamp)
export const number: Operation = (frame: Frame) =>
  frame.push(BigInt(frame.host.context.blockNumber))
export const gaslimit: Operation = (frame: Frame) => frame.push(frame.host.context.gasLimit)
/** COINBASE, DIFFICULTY and CHAINID (spec 01 §11.6). */
export const zero: Operation = (frame: Frame) => frame.push(0n)

export function balance(frame: Frame): void {
  frame.push(frame.host.getBalance(toAddress(frame.pop())))
}

export function selfbalance(frame: Frame): void {
  frame.push(frame.host.getBalance(frame.message.recipient))
}

export function blockhash(frame: Frame): void {
  const wanted = frame.pop()
  const current = frame.host.context.blockNumber
  const isRecent = wanted < BigInt(current) && wanted >= BigInt(Math.max(0, current - 256))
  frame.push(isRecent ? fromHash(frame.host.getBlockHash(Number(wanted))) : 0n)
}

/** A creation has no call data: what its message carries is the code. */
function callData(frame: Frame): Uint8Array {
  return frame.message.kind.startsWith('create') ? EMPTY_BYTES : frame.message.data
}

export function calldataload(frame: Frame): void {
  const from = place(frame.pop())
  const word = new Uint8Array(32)
  word.set(callData(frame).subarray(from, from + 32))
  frame.push(bytesToBigInt(word))
}

export function calldatasize(frame: Frame): void {
  frame.push(BigInt(callData(frame).length))
}

/** Memory first, then the price of copying, as in every copying instruction. */
function copyToMemory(frame: Frame, source: Uint8Array): void {
  const to = frame.pop()
  const from = frame.pop()
  const size = frame.pop()
  if (!frame.expand(to, size)) return
  const length = Number(size)
  if (!frame.charge(COPY_WORD * wordsOf(length))) return
  frame.memory.write(Number(to), length, { bytes: source, from: place(from) })
}

export const calldatacopy: Operation = (frame: Frame) => copyToMemory(frame, callData(frame))
export const codecopy: Operation = (frame: Frame) => copyToMemory(frame, frame.program.code)

export function codesize(frame: Frame): void {
  frame.push(BigInt(frame.program.code.length))
}

export function extcodesize(frame: Frame): void {
  frame.push(BigInt(frame.host.getCodeSize(toAddress(frame.pop()))))
}

export function extcodecopy(frame: Frame): void {
  const account = toAddress(frame.pop())
  copyToMemory(frame, frame.host.getCode(account))
}

export function extcodehash(frame: Frame): void {
  frame.push(fromHash(frame.host.getCodeHash(toAddress(frame.pop()))))
}

export function returndatasize(frame: Frame): void {
  frame.push(BigInt(frame.returnData.length))
}

/** Unlike the others it may not read past the end. */
export function returndatacopy(frame: Frame): void {
  const to = frame.pop()
  const from = frame.pop()
  const size = frame.pop()
  if (!frame.expand(to, size)) return
  const length = Number(size)
  if (from + size > BigInt(frame.returnData.length)) return frame.stop('invalidMemoryAccess')
  if (!frame.charge(COPY_WORD * wordsOf(length))) return
  frame.memory.write(Number(to), length, { bytes: frame.returnData, from: Number(from) })
}

export function sha3(frame: Frame): void {
  const offset = frame.pop()
  const size = frame.pop()
  if (!frame.expand(offset, size)) return
  const length = Number(size)
  if (!frame.charge(HASH_WORD * wordsOf(length))) return
  frame.push(bytesToBigInt(frame.environment.hash(frame.memory.read(Number(offset), length))))
}

export function mload(frame: Frame): void {
  const offset = frame.pop()
  if (frame.expand(offset, 32n)) frame.push(frame.memory.loadWord(Number(offset)))
}

export function mstore(frame: Frame): void {
  const offset = frame.pop()
  const value = frame.pop()
  if (frame.expand(offset, 32n)) frame.memory.storeWord(Number(offset), value)
}

export function mstore8(frame: Frame): void {
  const offset = frame.pop()
  const value = frame.pop()
  if (frame.expand(offset, 1n)) frame.memory.storeByte(Number(offset), Number(value & 0xffn))
}

export const msize: Operation = (frame: Frame) => frame.push(BigInt(frame.memory.size))

export function sload(frame: Frame): void {
  frame.push(frame.host.getStorage(frame.message.recipient, frame.pop()))
}

/** No net metering: the price depends on the present value only (spec 01 §11.5). The write comes before the price. */
export function sstore(frame: Frame, instruction: Instruction): void {
  if (frame.message.isStatic) return frame.stop('staticViolation')
  if (frame.gasAt(instruction.gasSoFar) <= SSTORE_SENTRY) return frame.stop('outOfGas')
  const slot = frame.pop()
  const value = frame.pop()
  const { host, message, environment } = frame
  if (!host.mayWriteStorage(message.recipient)) return frame.stop('permissionDenied')
  const old = host.getStorage(message.recipient, slot)
  if (old === value) return void frame.charge(environment.schedule.sstoreUnchanged)
  if (old !== 0n && value === 0n) host.addRefund(SSTORE_CLEAR_REFUND)
  host.setStorage(message.recipient, slot, value)
  frame.charge(old === 0n ? environment.schedule.sstoreSet : environment.schedule.sstoreReset)
}

export const log =
  (topicCount: number): Operation =>
  (frame) => {
    if (frame.message.isStatic) return frame.stop('staticViolation')
    const offset = frame.pop()
    const size = frame.pop()
    if (!frame.expand(offset, size)) return
    const length = Number(size)
    if (!frame.charge(LOG_BYTE * length)) return
    const topics: Uint8Array[] = []
    for (let i = 0; i < topicCount; i++) topics.push(toWord(frame.pop()))
    const data = frame.memory.copy(Number(offset), length)
    frame.host.emitLog({ address: frame.message.recipient, topics, data })
  }

function toWord(value: bigint): Uint8Array {
  const word = new Uint8Array(32)
  const view = new DataView(word.buffer)
  view.setBigUint64(24, value)
  view.setBigUint64(16, value >> 64n)
  view.setBigUint64(8, value >> 128n)
  view.setBigUint64(0, value >> 192n)
  return word
}

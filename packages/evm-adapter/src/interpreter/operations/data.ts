import type { Frame } from '../frame.ts'
import { COPY_WORD, EXP_BYTE, HASH_WORD, LOG_BYTE, wordsOf } from '../gas.ts'
/**
 * Instructions that move bytes: call data, code, return data, memory, logs. Memory is paid first, then the price by size.
 * @module
 */
import type { Effect } from '../opcode.ts'
import {
  bytesOfWord,
  exp as power,
  lowInt32,
  significantBytes,
  type Word,
  wordOfBytes,
} from '../words.ts'
import { toAddress } from './environment.ts'

const WORD = 32
/** Beyond the end of anything: reading there gives zeros. */
const FAR = 2 ** 40

const place = (word: Word): number => (word > FAR ? FAR : Number(word))

/** The price depends on the exponent. */
export function exp(frame: Frame, base: Word, exponent: Word): Word {
  return frame.charge(EXP_BYTE * significantBytes(exponent)) ? power(base, exponent) : 0
}

export function mload(frame: Frame, offset: Word): Word {
  return frame.expand(offset, WORD) ? frame.memory.loadWord(Number(offset)) : 0
}

export function mstore(frame: Frame, offset: Word, value: Word): void {
  if (frame.expand(offset, WORD)) frame.memory.storeWord(Number(offset), value)
}

export function mstore8(frame: Frame, offset: Word, value: Word): void {
  if (frame.expand(offset, 1)) frame.memory.storeByte(Number(offset), lowInt32(value) & 0xff)
}

export function sha3(frame: Frame, offset: Word, size: Word): Word {
  if (!frame.expand(offset, size)) return 0
  const length = Number(size)
  if (!frame.charge(HASH_WORD * wordsOf(length))) return 0
  return frame.environment.hashes.ofMemory(frame.memory, Number(offset), length)
}

export function calldataload(frame: Frame, offset: Word): Word {
  return wordOfBytes(frame.callData, place(offset))
}

/** The first four bytes of the word of call data at `from`: what a contract finds its function by. */
export function calldataHead({ callData }: Frame, from: number): number {
  const high = ((callData[from] ?? 0) << 8) | (callData[from + 1] ?? 0)
  return high * 0x1_0000 + (((callData[from + 2] ?? 0) << 8) | (callData[from + 3] ?? 0))
}

/** Where a copying instruction reads, and what it was asked for. */
interface Copy {
  readonly to: Word
  readonly from: Word
  readonly size: Word
}

function copyToMemory(frame: Frame, source: Uint8Array, { to, from, size }: Copy): void {
  if (!frame.expand(to, size)) return
  const length = Number(size)
  if (!frame.charge(COPY_WORD * wordsOf(length))) return
  frame.memory.write(Number(to), length, { bytes: source, from: place(from) })
}

export function calldatacopy(frame: Frame, to: Word, from: Word, size: Word): void {
  copyToMemory(frame, frame.callData, { to, from, size })
}

export function codecopy(frame: Frame, to: Word, from: Word, size: Word): void {
  copyToMemory(frame, frame.program.code, { to, from, size })
}

export const extcodecopy: Effect = (frame, account = 0, ...copy) => {
  const [to = 0, from = 0, size = 0] = copy
  copyToMemory(frame, frame.host.getCode(toAddress(account)), { to, from, size })
}

/** Unlike the others it may not read past the end. */
export function returndatacopy(frame: Frame, to: Word, from: Word, size: Word): void {
  if (!frame.expand(to, size)) return
  const length = Number(size)
  if (typeof from !== 'number' || from + length > frame.returnData.length) {
    return frame.stop('invalidMemoryAccess')
  }
  if (!frame.charge(COPY_WORD * wordsOf(length))) return
  frame.memory.write(Number(to), length, { bytes: frame.returnData, from })
}

export const log: Effect = (frame, offset = 0, size = 0, ...topics) => {
  if (frame.message.isStatic) return frame.stop('staticViolation')
  if (!frame.expand(offset, size)) return
  const length = Number(size)
  if (!frame.charge(LOG_BYTE * length)) return
  frame.host.emitLog({
    address: frame.message.recipient,
    topics: topics.map((topic) => bytesOfWord(topic)),
    data: frame.memory.copy(Number(offset), length),
  })
}

/**
 * Instructions that ask who, when and where: the message, the block, other accounts.
 * @module
 */
import type { Address } from '@bcos-ts/protocol'
import type { Frame } from '../frame.ts'
import { fromWord, toWord, type Word, wordOfBytes } from '../words.ts'

/** Address of the low 160 bits. */
export function toAddress(word: Word): Address {
  const low = typeof word === 'number' ? word : BigInt.asUintN(160, word)
  return low.toString(16).padStart(40, '0')
}

function fromHash(hash: Uint8Array | undefined): Word {
  return hash === undefined ? 0 : wordOfBytes(hash, 0)
}

export const address = (frame: Frame): Word =>
  frame.environment.addresses.word(frame.message.recipient)
export const origin = (frame: Frame): Word =>
  frame.environment.addresses.word(frame.host.context.origin)
export const caller = (frame: Frame): Word => frame.environment.addresses.word(frame.message.sender)
export const callvalue = (frame: Frame): Word => toWord(frame.message.value)
export const gasprice = (frame: Frame): Word => toWord(frame.host.context.gasPrice)
export const timestamp = (frame: Frame): Word => toWord(frame.host.context.timestamp)
export const number = (frame: Frame): Word => frame.host.context.blockNumber
export const gaslimit = (frame: Frame): Word => toWord(frame.host.context.gasLimit)
export const calldatasize = (frame: Frame): Word => frame.callData.length
export const codesize = (frame: Frame): Word => frame.program.code.length
/** COINBASE, DIFFICULTY and CHAINID (spec 01 §11.6). */
export const zero = (): Word => 0

export function balance(frame: Frame, account: Word): Word {
  return toWord(frame.host.getBalance(toAddress(account)))
}

export function selfbalance(frame: Frame): Word {
  return toWord(frame.host.getBalance(frame.message.recipient))
}

export function extcodesize(frame: Frame, account: Word): Word {
  return frame.host.getCodeSize(toAddress(account))
}

export function extcodehash(frame: Frame, account: Word): Word {
  return fromHash(frame.host.getCodeHash(toAddress(account)))
}

export function blockhash(frame: Frame, wanted: Word): Word {
  const { blockNumber } = frame.host.context
  const isRecent = wanted < blockNumber && wanted >= blockNumber - 256
  return isRecent ? fromHash(frame.host.getBlockHash(Number(fromWord(wanted)))) : 0
}

export const gasLeft = (frame: Frame): Word => frame.gasHere()
export const msize = (frame: Frame): Word => frame.memory.size
export const returndatasize = (frame: Frame): Word => frame.returnData.length

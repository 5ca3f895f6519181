import type { GasSchedule } from './gas.ts'
/**
 * The instruction set of Istanbul with the prices of the chain (spec 01 §11.5), by family.
 * @module
 */
import { effect, type Opcode, pure1, pure2, pure3, read, readAt, test1, test2 } from './opcode.ts'
import * as calls from './operations/calls.ts'
import * as data from './operations/data.ts'
import * as environment from './operations/environment.ts'
import * as flow from './operations/flow.ts'
import * as storage from './operations/storage.ts'
import * as words from './words.ts'

export type { Opcode } from './opcode.ts'

/** One entry for each of the 256 bytes. */
export type OpcodeTable = readonly Opcode[]
type Family = Readonly<Record<number, Opcode>>

const end = (name: string, gas: number, pops: number, run: Opcode['run']): Opcode => ({
  kind: 'end',
  name,
  gas,
  pops,
  pushes: 0,
  run,
})

const call = (name: string, gas: number, pops: number, run: Opcode['run']): Opcode => ({
  kind: 'call',
  name,
  gas,
  pops,
  pushes: 1,
  run,
})

export const STOP_OPCODE: Opcode = end('stop', 0, 0, flow.stop)
const UNDEFINED: Opcode = end('invalid', 0, 0, flow.invalid)

const ARITHMETIC: Family = {
  0x01: pure2('add', 3, words.add),
  0x02: pure2('mul', 5, words.mul),
  0x03: pure2('sub', 3, words.sub),
  0x04: pure2('div', 5, words.div),
  0x05: pure2('sdiv', 5, words.sdiv),
  0x06: pure2('mod', 5, words.mod),
  0x07: pure2('smod', 5, words.smod),
  0x08: pure3('addmod', 8, words.addmod),
  0x09: pure3('mulmod', 8, words.mulmod),
  0x0a: effect('exp', { gas: 10, pops: 2, pushes: 1 }, data.exp),
  0x0b: pure2('signextend', 5, words.signextend),
}

const COMPARISON: Family = {
  0x10: test2('lt', 3, words.lt),
  0x11: test2('gt', 3, words.gt),
  0x12: test2('slt', 3, words.slt),
  0x13: test2('sgt', 3, words.sgt),
  0x14: test2('eq', 3, words.eq),
  0x15: test1('iszero', 3, words.iszero),
}

const BITS: Family = {
  0x16: pure2('and', 3, words.and),
  0x17: pure2('or', 3, words.or),
  0x18: pure2('xor', 3, words.xor),
  0x19: pure1('not', 3, words.not),
  0x1a: pure2('byte', 3, words.byte),
  0x1b: pure2('shl', 3, words.shl),
  0x1c: pure2('shr', 3, words.shr),
  0x1d: pure2('sar', 3, words.sar),
}

const MESSAGE_AND_BLOCK: Family = {
  0x30: read('address', 2, environment.address),
  0x32: read('origin', 2, environment.origin),
  0x33: read('caller', 2, environment.caller),
  0x34: read('callvalue', 2, environment.callvalue),
  0x36: read('calldatasize', 2, environment.calldatasize),
  0x38: read('codesize', 2, environment.codesize),
  0x3a: read('gasprice', 2, environment.gasprice),
  0x41: read('coinbase', 2, environment.zero),
  0x42: read('timestamp', 2, environment.timestamp),
  0x43: read('blockNumber', 2, environment.number),
  0x44: read('difficulty', 2, environment.zero),
  0x45: read('gaslimit', 2, environment.gaslimit),
  0x46: read('chainid', 2, environment.zero),
}

const sure = (gas: number, pops: number) => ({ gas, pops, pushes: 1, isFallible: false }) as const

const ACCOUNTS: Family = {
  0x3b: effect('extcodesize', sure(700, 1), environment.extcodesize),
  0x3c: effect('extcodecopy', { gas: 700, pops: 4, pushes: 0 }, data.extcodecopy),
  0x40: effect('blockhash', sure(20, 1), environment.blockhash),
  0x47: effect('selfbalance', sure(5, 0), environment.selfbalance),
}

const BYTES: Family = {
  0x20: effect('sha3', { gas: 30, pops: 2, pushes: 1 }, data.sha3),
  0x35: readAt('calldataload', 3, data.calldataload),
  0x37: effect('calldatacopy', { gas: 3, pops: 3, pushes: 0 }, data.calldatacopy),
  0x39: effect('codecopy', { gas: 3, pops: 3, pushes: 0 }, data.codecopy),
  0x3d: effect('returndatasize', sure(2, 0), environment.returndatasize),
  0x3e: effect('returndatacopy', { gas: 3, pops: 3, pushes: 0 }, data.returndatacopy),
  0x51: effect('mload', { gas: 3, pops: 1, pushes: 1 }, data.mload),
  0x52: effect('mstore', { gas: 3, pops: 2, pushes: 0 }, data.mstore),
  0x53: effect('mstore8', { gas: 3, pops: 2, pushes: 0 }, data.mstore8),
  0x59: effect('msize', sure(2, 0), environment.msize),
}

const FLOW: Family = {
  0x00: STOP_OPCODE,
  0x56: { kind: 'jump', name: 'jump', gas: 8, pops: 1, pushes: 0, run: flow.jump },
  0x57: { kind: 'jumpi', name: 'jumpi', gas: 10, pops: 2, pushes: 0, run: flow.jumpi },
  0x58: { kind: 'push', name: 'pc', depth: 0, gas: 2, pops: 0, pushes: 1, run: flow.push },
  0x5a: effect('gas', { ...sure(2, 0), seesGas: true }, environment.gasLeft),
  // Enters a block; the assembler sees to it.
  0x5b: { kind: 'push', name: 'jumpdest', depth: 0, gas: 1, pops: 0, pushes: 0, run: () => {} },
  0xf3: end('finish', 0, 2, flow.finish),
  0xfd: end('revert', 0, 2, flow.revert),
  0xff: end('selfdestruct', 5000, 1, flow.selfdestruct),
}

const CALLS: Family = {
  0xf1: call('call', 700, 7, calls.callWithValue('call')),
  0xf2: call('callcode', 700, 7, calls.callWithValue('callcode')),
  0xf4: call('delegatecall', 700, 6, calls.delegatecall),
  0xfa: call('staticcall', 700, 6, calls.staticcall),
}

/** What gas schedules disagree on. */
function priced(schedule: GasSchedule): Family {
  return {
    0x31: effect('balance', sure(schedule.balance, 1), environment.balance),
    0x3f: effect('extcodehash', sure(schedule.extcodehash, 1), environment.extcodehash),
    0x54: effect('sload', sure(schedule.sload, 1), storage.sload),
    // Priced by what it does.
    0x55: effect('sstore', { gas: 0, pops: 2, pushes: 0, seesGas: true }, storage.sstore),
    0xf0: call('create', schedule.create, 3, calls.create('create')),
    0xf5: call('create2', schedule.create, 4, calls.create('create2')),
  }
}

function stackFamily(): Family {
  const family: Record<number, Opcode> = {
    0x50: { kind: 'drop', name: 'pop', depth: 0, gas: 2, pops: 1, pushes: 0, run: flow.drop },
  }
  const shape = { gas: 3, depth: 0, pops: 0, pushes: 1 }
  for (let i = 1; i <= 32; i++) {
    family[0x5f + i] = { kind: 'push', name: `push${i}`, ...shape, run: flow.push }
  }
  for (let i = 1; i <= 16; i++) {
    const dup = { gas: 3, depth: i, pops: i, pushes: i + 1, run: flow.dup(i) }
    const swap = { gas: 3, depth: i, pops: i + 1, pushes: i + 1, run: flow.swap(i) }
    family[0x7f + i] = { kind: 'dup', name: `dup${i}`, ...dup }
    family[0x8f + i] = { kind: 'swap', name: `swap${i}`, ...swap }
  }
  return family
}

function logFamily(): Family {
  const family: Record<number, Opcode> = {}
  for (let topics = 0; topics <= 4; topics++) {
    const shape = { gas: 375 * (topics + 1), pops: topics + 2, pushes: 0 } as const
    family[0xa0 + topics] = effect(`log${topics}`, shape, data.log)
  }
  return family
}

export function opcodeTable(schedule: GasSchedule): OpcodeTable {
  const table = Array.from({ length: 256 }, () => UNDEFINED)
  const families = [ARITHMETIC, COMPARISON, BITS, MESSAGE_AND_BLOCK, ACCOUNTS, BYTES, FLOW, CALLS]
  for (const family of [...families, priced(schedule), stackFamily(), logFamily()]) {
    for (const [byte, opcode] of Object.entries(family)) table[Number(byte)] = opcode
  }
  return table
}

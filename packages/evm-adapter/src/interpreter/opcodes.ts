/**
 * The instruction set of Istanbul with the prices of the chain (spec 01 §11.5).
 * @module
 */
import * as math from './arithmetic.ts'
import * as control from './control.ts'
import * as data from './data.ts'
import type { Instruction } from './frame.ts'
import type { GasSchedule } from './gas.ts'

export interface Opcode {
  readonly run: Instruction['run']
  /** The part of the price that does not depend on operands. */
  readonly gas: number
  readonly pops: number
  readonly pushes: number
}

/** One entry for each of the 256 bytes. */
export type OpcodeTable = readonly Opcode[]

const op = (run: Opcode['run'], gas: number, pops: number, pushes: number): Opcode => ({
  run,
  gas,
  pops,
  pushes,
})

export const STOP_OPCODE: Opcode = op(control.stop, 0, 0, 0)
const UNDEFINED: Opcode = op(control.invalid, 0, 0, 0)

const ARITHMETIC: Readonly<Record<number, Opcode>> = {
  0x00: STOP_OPCODE,
  0x01: op(math.add, 3, 2, 1),
  0x02: op(math.mul, 5, 2, 1),
  0x03: op(math.sub, 3, 2, 1),
  0x04: op(math.div, 5, 2, 1),
  0x05: op(math.sdiv, 5, 2, 1),
  0x06: op(math.mod, 5, 2, 1),
  0x07: op(math.smod, 5, 2, 1),
  0x08: op(math.addmod, 8, 3, 1),
  0x09: op(math.mulmod, 8, 3, 1),
  0x0a: op(math.exp, 10, 2, 1),
  0x0b: op(math.signextend, 5, 2, 1),
  0x10: op(math.lt, 3, 2, 1),
  0x11: op(math.gt, 3, 2, 1),
  0x12: op(math.slt, 3, 2, 1),
  0x13: op(math.sgt, 3, 2, 1),
  0x14: op(math.eq, 3, 2, 1),
  0x15: op(math.iszero, 3, 1, 1),
  0x16: op(math.and, 3, 2, 1),
  0x17: op(math.or, 3, 2, 1),
  0x18: op(math.xor, 3, 2, 1),
  0x19: op(math.not, 3, 1, 1),
  0x1a: op(math.byte, 3, 2, 1),
  0x1b: op(math.shl, 3, 2, 1),
  0x1c: op(math.shr, 3, 2, 1),
  0x1d: op(math.sar, 3, 2, 1),
}

const ENVIRONMENT: Readonly<Record<number, Opcode>> = {
  0x20: op(data.sha3, 30, 2, 1),
  0x30: op(data.address, 2, 0, 1),
  0x31: op(data.balance, 700, 1, 1),
  0x32: op(data.origin, 2, 0, 1),
  0x33: op(data.caller, 2, 0, 1),
  0x34: op(data.callvalue, 2, 0, 1),
  0x35: op(data.calldataload, 3, 1, 1),
  0x36: op(data.calldatasize, 2, 0, 1),
  0x37: op(data.calldatacopy, 3, 3, 0),
  0x38: op(data.codesize, 2, 0, 1),
  0x39: op(data.codecopy, 3, 3, 0),
  0x3a: op(data.gasprice, 2, 0, 1),
  0x3b: op(data.extcodesize, 700, 1, 1),
  0x3c: op(data.extcodecopy, 700, 4, 0),
  0x3d: op(data.returndatasize, 2, 0, 1),
  0x3e: op(data.returndatacopy, 3, 3, 0),
  0x3f: op(data.extcodehash, 700, 1, 1),
  0x40: op(data.blockhash, 20, 1, 1),
  0x41: op(data.zero, 2, 0, 1),
  0x42: op(data.timestamp, 2, 0, 1),
  0x43: op(data.number, 2, 0, 1),
  0x44: op(data.zero, 2, 0, 1),
  0x45: op(data.gaslimit, 2, 0, 1),
  0x46: op(data.zero, 2, 0, 1),
  0x47: op(data.selfbalance, 5, 0, 1),
}

const FLOW: Readonly<Record<number, Opcode>> = {
  0x50: op(control.pop, 2, 1, 0),
  0x51: op(data.mload, 3, 1, 1),
  0x52: op(data.mstore, 3, 2, 0),
  0x53: op(data.mstore8, 3, 2, 0),
  0x55: op(data.sstore, 0, 2, 0),
  0x56: op(control.jump, 8, 1, 0),
  0x57: op(control.jumpi, 10, 2, 0),
  0x58: op(control.push, 2, 0, 1),
  0x59: op(data.msize, 2, 0, 1),
  0x5a: op(control.gasLeft, 2, 0, 1),
  0x5b: op(control.nothing, 1, 0, 0),
  0xf1: op(control.callWithValue('call'), 700, 7, 1),
  0xf2: op(control.callWithValue('callcode'), 700, 7, 1),
  0xf3: op(control.finish, 0, 2, 0),
  0xf4: op(control.delegatecall, 700, 6, 1),
  0xfa: op(control.staticcall, 700, 6, 1),
  0xfd: op(control.revert, 0, 2, 0),
  0xff: op(control.selfdestruct, 5000, 1, 0),
}

export function opcodeTable(schedule: GasSchedule): OpcodeTable {
  const table = Array.from({ length: 256 }, () => UNDEFINED)
  for (const group of [ARITHMETIC, ENVIRONMENT, FLOW]) {
    for (const [byte, opcode] of Object.entries(group)) table[Number(byte)] = opcode
  }
  table[0x54] = op(data.sload, schedule.sload, 1, 1)
  table[0xf0] = op(control.create('create'), schedule.create, 3, 1)
  table[0xf5] = op(control.create('create2'), schedule.create, 4, 1)
  for (let i = 0; i < 32; i++) table[0x60 + i] = op(control.push, 3, 0, 1)
  for (let i = 1; i <= 16; i++) {
    table[0x7f + i] = op(control.dup(i), 3, i, i + 1)
    table[0x8f + i] = op(control.swap(i), 3, i + 1, i + 1)
  }
  for (let i = 0; i <= 4; i++) table[0xa0 + i] = op(data.log(i), 375 * (i + 1), i + 2, 0)
  return table
}

/**
 * Code made ready to run: push data read, jump targets found, and gas and stack needs of every basic block
 * summed up. The reference checks a block when it is entered, so the order of failures depends on it
 * (spec 01 §11.5, 03 §15.4).
 * @module
 */
import type { BasicBlock, Frame, Instruction, Program } from './frame.ts'
import { type Opcode, type OpcodeTable, STOP_OPCODE } from './opcodes.ts'

const JUMPDEST = 0x5b
const PUSH1 = 0x60
const PUSH32 = 0x7f
const PC = 0x58
const STACK_MAX = 1024
const TERMINATORS: ReadonlySet<number> = new Set([0x00, 0x56, 0x57, 0xf3, 0xfd, 0xff])

/** Out of gas, underflow, overflow: in this order, before anything of the block runs. */
function enterBlock(frame: Frame, instruction: Instruction): void {
  const block = instruction.block!
  const depth = frame.stack.length
  frame.blockGas = block.gas
  if (!frame.charge(block.gas)) return
  if (depth < block.stackNeeded) frame.stop('stackUnderflow')
  else if (depth + block.stackGrowth > STACK_MAX) frame.stop('stackOverflow')
}

class Assembler {
  readonly code: Uint8Array
  readonly instructions: Instruction[] = []
  readonly jumpTargets: Map<number, number> = new Map()
  #block: BasicBlock = { gas: 0, stackNeeded: 0, stackGrowth: 0 }
  #stackChange = 0

  constructor(code: Uint8Array) {
    this.code = code
  }

  openBlock(): void {
    this.#block = { gas: 0, stackNeeded: 0, stackGrowth: 0 }
    this.#stackChange = 0
    this.instructions.push({ run: enterBlock, value: 0n, gasSoFar: 0, block: this.#block })
  }

  /** A jump to a JUMPDEST enters its block; the opcode itself does nothing more. */
  markJumpTarget(place: number): void {
    this.jumpTargets.set(place, this.instructions.length - 1)
  }

  account(opcode: Opcode): void {
    const block = this.#block
    block.stackNeeded = Math.max(block.stackNeeded, opcode.pops - this.#stackChange)
    this.#stackChange += opcode.pushes - opcode.pops
    block.stackGrowth = Math.max(block.stackGrowth, this.#stackChange)
    block.gas += opcode.gas
  }

  append(opcode: Opcode, value: bigint): void {
    this.instructions.push({
      run: opcode.run,
      value,
      gasSoFar: this.#block.gas,
      block: undefined,
    })
  }
}

function pushData(code: Uint8Array, from: number, size: number): bigint {
  let digits = ''
  for (let i = from; i < from + size; i++) digits += (code[i] ?? 0).toString(16).padStart(2, '0')
  return BigInt(`0x${digits}`)
}

export function assemble(code: Uint8Array, opcodes: OpcodeTable): Program {
  const program = new Assembler(code)
  program.openBlock()
  for (let place = 0; place < code.length;) {
    const byte = code[place]!
    const opcode = opcodes[byte]!
    const size = byte >= PUSH1 && byte <= PUSH32 ? byte - PUSH1 + 1 : 0
    program.account(opcode)
    if (byte === JUMPDEST) program.markJumpTarget(place)
    else if (size > 0) program.append(opcode, pushData(code, place + 1, size))
    else program.append(opcode, byte === PC ? BigInt(place) : 0n)
    place += 1 + size
    if (place < code.length && (TERMINATORS.has(byte) || code[place] === JUMPDEST)) {
      program.openBlock()
    }
  }
  program.append(STOP_OPCODE, 0n)
  return program
}

/**
 * Code made ready to run: push data read, jump targets found, and gas and stack needs of every basic block
 * summed up. The reference checks a block when it is entered, so the order of failures depends on it
 * (spec 01 §11.5, 03 §15.4).
 * @module
 */
import type { Frame } from './frame.ts'
import { type Opcode, type OpcodeTable, STOP_OPCODE } from './opcodes.ts'
import { toWord, type Word } from './words.ts'

const JUMPDEST = 0x5b
const PUSH1 = 0x60
const PUSH32 = 0x7f
const PC = 0x58
/** A longer one is divided: the compiler takes or leaves segments whole. */
const SEGMENT_INSTRUCTIONS_MAX = 256
const BLOCK_ENDS: ReadonlySet<string> = new Set([
  'stop',
  'jump',
  'jumpi',
  'finish',
  'revert',
  'selfdestruct',
])

export interface Instruction {
  readonly opcode: Opcode
  /** Push data, or the program counter for PC. */
  readonly value: Word
  /** Gas that the block has paid for what stands behind this instruction. */
  paidAhead: number
}

/** What is checked when the first instruction of a block without jumps is reached. */
export interface BasicBlock {
  gas: number
  stackNeeded: number
  stackGrowth: number
}

/** A basic block, or the part of it up to a call, or behind one: what runs without leaving the frame. */
export interface Segment {
  readonly index: number
  /** `undefined` behind a call: the block was paid and checked when it was entered. */
  readonly block: BasicBlock | undefined
  readonly instructions: Instruction[]
  /** Instructions interpreted so far: how much compiling it could save. */
  heat: number
  /** What runs in place of the instructions, from here as far as the trace goes. */
  compiled: ((frame: Frame) => void) | undefined
}

/** Code made ready to run. */
export interface Program {
  readonly code: Uint8Array
  readonly segments: readonly Segment[]
  /** For every place in the code: 0, or one more than the segment that a jump there enters. */
  readonly jumpTargets: Int32Array
  /** Characters of JavaScript that may still be made of it. */
  compileBudget: number
}

class Assembler {
  readonly segments: Segment[] = []
  #block: BasicBlock = { gas: 0, stackNeeded: 0, stackGrowth: 0 }
  #ofBlock: Instruction[] = []
  #stackChange = 0

  openBlock(): void {
    this.closeBlock()
    this.#block = { gas: 0, stackNeeded: 0, stackGrowth: 0 }
    this.#ofBlock = []
    this.#stackChange = 0
    this.openSegment(this.#block)
  }

  /** Now it is known what the whole block costs. */
  closeBlock(): void {
    for (const instruction of this.#ofBlock) {
      instruction.paidAhead = this.#block.gas - instruction.paidAhead
    }
  }

  openSegment(block?: BasicBlock): void {
    this.segments.push({
      index: this.segments.length,
      block,
      instructions: [],
      heat: 0,
      compiled: undefined,
    })
  }

  account(opcode: Opcode): void {
    const block = this.#block
    block.stackNeeded = Math.max(block.stackNeeded, opcode.pops - this.#stackChange)
    this.#stackChange += opcode.pushes - opcode.pops
    block.stackGrowth = Math.max(block.stackGrowth, this.#stackChange)
    block.gas += opcode.gas
  }

  append(opcode: Opcode, value: Word): void {
    const instruction = { opcode, value, paidAhead: this.#block.gas }
    this.#ofBlock.push(instruction)
    this.segments.at(-1)!.instructions.push(instruction)
  }
}

function pushData(code: Uint8Array, from: number, size: number): Word {
  let digits = ''
  for (let i = from; i < from + size; i++) digits += (code[i] ?? 0).toString(16).padStart(2, '0')
  return toWord(BigInt(`0x${digits}`))
}

/** `budgetPerByte`: characters of JavaScript that may be made of each byte of code. */
export function assemble(code: Uint8Array, opcodes: OpcodeTable, budgetPerByte: number): Program {
  const program = new Assembler()
  const jumpTargets = new Int32Array(code.length)
  program.openBlock()
  for (let place = 0; place < code.length;) {
    const byte = code[place]!
    const opcode = opcodes[byte]!
    const size = byte >= PUSH1 && byte <= PUSH32 ? byte - PUSH1 + 1 : 0
    program.account(opcode)
    // A jump to a JUMPDEST enters its block; the opcode itself does nothing more.
    if (byte === JUMPDEST) jumpTargets[place] = program.segments.length
    else if (size > 0) program.append(opcode, pushData(code, place + 1, size))
    else program.append(opcode, byte === PC ? place : 0)
    place += 1 + size
    const isLong = program.segments.at(-1)!.instructions.length >= SEGMENT_INSTRUCTIONS_MAX
    const endsBlock = BLOCK_ENDS.has(opcode.name) || code[place] === JUMPDEST
    if (endsBlock) program.openBlock()
    else if (opcode.kind === 'call' || isLong) program.openSegment()
  }
  program.append(STOP_OPCODE, 0)
  program.closeBlock()
  const compileBudget = code.length * budgetPerByte
  return { code, segments: program.segments, jumpTargets, compileBudget }
}

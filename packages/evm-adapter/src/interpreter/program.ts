/**
 * Code made ready to run, block by block as they are entered: push data read, gas and stack needs of every basic block summed
 * up. The reference checks a block when it is entered, so the order of failures depends on it (spec 01 §11.5, 03 §15.4).
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
/** What things cost in memory, measured and rounded up. */
const PROGRAM_BYTES = 2000
const SEGMENT_BYTES = 300
const INSTRUCTION_BYTES = 80
const CHARACTER_BYTES = 5

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
  /** Where the code goes on behind its last instruction. */
  end: number
  /** Index of the segment there, -1 as long as nobody went there. */
  next: number
  /** Instructions interpreted so far: how much compiling it could save. */
  heat: number
  /** What runs in place of the instructions, from here as far as the trace goes. */
  compiled: ((frame: Frame) => void) | undefined
}

/** The code of one contract. Segment 0 is where it begins. */
export class Program {
  readonly code: Uint8Array
  readonly segments: Segment[] = []
  /** What it costs in memory; grows as more of the code is run. */
  bytes: number
  /** Characters of JavaScript that may still be made of it. */
  compileBudget: number
  readonly #opcodes: OpcodeTable
  /** One bit for every place: a JUMPDEST that is not push data. */
  readonly #targets: Uint8Array
  readonly #blocks = new Map<number, number>()

  /** `budgetPerByte`: characters of JavaScript that may be made of each byte of code. */
  constructor(code: Uint8Array, opcodes: OpcodeTable, budgetPerByte: number) {
    this.code = code
    this.bytes = PROGRAM_BYTES + code.length
    this.compileBudget = code.length * budgetPerByte
    this.#opcodes = opcodes
    this.#targets = jumpTargets(code)
    this.#blockAt(0)
  }

  /** Index of the segment that a jump enters; -1 where no jump may go. */
  target(place: Word | undefined): number {
    if (typeof place !== 'number' || place >= this.code.length) return -1
    const isTarget = (this.#targets[place >> 3]! >> (place & 7)) & 1
    return isTarget === 1 ? this.#blockAt(place) : -1
  }

  /** Index of the segment that follows when no jump is made. */
  after(segment: Segment): number {
    if (segment.next < 0) segment.next = this.#blockAt(segment.end)
    return segment.next
  }

  /** Notes what was compiled. */
  spend(characters: number): void {
    this.compileBudget -= characters
    this.bytes += CHARACTER_BYTES * characters
  }

  #blockAt(place: number): number {
    const known = this.#blocks.get(place)
    if (known !== undefined) return known
    const index = this.segments.length
    this.#blocks.set(place, index)
    new BlockAssembler(this.code, this.#opcodes, this.segments).assemble(place)
    for (let i = index; i < this.segments.length; i++) {
      this.bytes += SEGMENT_BYTES + INSTRUCTION_BYTES * this.segments[i]!.instructions.length
    }
    return index
  }
}

/** Where jumps may go, as bits. */
function jumpTargets(code: Uint8Array): Uint8Array {
  const targets = new Uint8Array((code.length + 7) >> 3)
  for (let place = 0; place < code.length; place++) {
    const byte = code[place]!
    if (byte === JUMPDEST) targets[place >> 3]! |= 1 << (place & 7)
    else if (byte >= PUSH1 && byte <= PUSH32) place += byte - PUSH1 + 1
  }
  return targets
}

class BlockAssembler {
  readonly #code: Uint8Array
  readonly #opcodes: OpcodeTable
  readonly #segments: Segment[]
  readonly #block: BasicBlock = { gas: 0, stackNeeded: 0, stackGrowth: 0 }
  readonly #instructions: Instruction[] = []
  #stackChange = 0
  #isDead = false

  constructor(code: Uint8Array, opcodes: OpcodeTable, segments: Segment[]) {
    this.#code = code
    this.#opcodes = opcodes
    this.#segments = segments
  }

  /** Appends the segments of the block that begins at a place. */
  assemble(start: number): void {
    const code = this.#code
    this.#openSegment(this.#block)
    for (let place = start; ;) {
      if (place >= code.length) {
        this.#append(STOP_OPCODE, 0)
        return this.#close(place)
      }
      const byte = code[place]!
      const opcode = this.#opcodes[byte]!
      const size = byte >= PUSH1 && byte <= PUSH32 ? byte - PUSH1 + 1 : 0
      this.#account(opcode)
      if (size > 0) this.#append(opcode, pushData(code, place + 1, size))
      else if (byte !== JUMPDEST) this.#append(opcode, byte === PC ? place : 0)
      place += 1 + size
      if (BLOCK_ENDS.has(opcode.name) || code[place] === JUMPDEST) return this.#close(place)
      const isLong = this.#segments.at(-1)!.instructions.length >= SEGMENT_INSTRUCTIONS_MAX
      if (opcode.kind === 'call' || isLong) this.#divide(place)
    }
  }

  #openSegment(block?: BasicBlock): void {
    const index = this.#segments.length
    const state = { end: 0, next: -1, heat: 0, compiled: undefined }
    this.#segments.push({ index, block, instructions: [], ...state })
  }

  #divide(place: number): void {
    const segment = this.#segments.at(-1)!
    segment.end = place
    segment.next = segment.index + 1
    this.#openSegment()
  }

  /** Now it is known what the whole block costs. */
  #close(place: number): void {
    this.#segments.at(-1)!.end = place
    for (const instruction of this.#instructions) {
      instruction.paidAhead = this.#block.gas - instruction.paidAhead
    }
  }

  #account(opcode: Opcode): void {
    const block = this.#block
    block.stackNeeded = Math.max(block.stackNeeded, opcode.pops - this.#stackChange)
    this.#stackChange += opcode.pushes - opcode.pops
    block.stackGrowth = Math.max(block.stackGrowth, this.#stackChange)
    block.gas += opcode.gas
  }

  /** What stands behind an invalid opcode counts for the block, but never runs. */
  #append(opcode: Opcode, value: Word): void {
    if (this.#isDead) return
    this.#isDead = opcode.name === 'invalid'
    const instruction = { opcode, value, paidAhead: this.#block.gas }
    this.#instructions.push(instruction)
    this.#segments.at(-1)!.instructions.push(instruction)
  }
}

function pushData(code: Uint8Array, from: number, size: number): Word {
  if (size <= 6) {
    let value = 0
    for (let i = from; i < from + size; i++) value = value * 256 + (code[i] ?? 0)
    return value
  }
  let digits = ''
  for (let i = from; i < from + size; i++) digits += (code[i] ?? 0).toString(16).padStart(2, '0')
  return toWord(BigInt(`0x${digits}`))
}

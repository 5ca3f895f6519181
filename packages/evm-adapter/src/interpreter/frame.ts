import { assert, EMPTY_BYTES } from '@bcos-ts/common'
import type {
  NestedResult,
  VmFrame,
  VmHost,
  VmMessage,
  VmStatus,
  VmTurn,
} from '@bcos-ts/protocol/ports'
import { type GasSchedule, memoryGas, wordsOf } from './gas.ts'
import { Memory } from './memory.ts'

/** Offsets and sizes above this are out of gas, whatever is left (spec 01 §11.5). */
const BUFFER_MAX = 0xffff_ffffn

/** What an engine is made with; the same for all frames. */
export interface Environment {
  readonly schedule: GasSchedule
  /** SHA3 of contracts: the suite's hash. */
  readonly hash: (message: Uint8Array) => Uint8Array
}

/** An instruction that needs nothing but the frame. */
export type Operation = (frame: Frame) => void

export interface Instruction {
  readonly run: (frame: Frame, instruction: Instruction) => void
  /** Push data, or the program counter for PC. */
  readonly value: bigint
  /** Gas of the basic block up to and including this instruction. */
  readonly gasSoFar: number
  /** On the entry that stands before the first instruction of each basic block. */
  readonly block: BasicBlock | undefined
}

/** What is checked when the first instruction of a block without jumps is reached. */
export interface BasicBlock {
  gas: number
  stackNeeded: number
  stackGrowth: number
}

/** Code made ready to run. */
export interface Program {
  readonly code: Uint8Array
  readonly instructions: readonly Instruction[]
  /** Instruction index of every JUMPDEST by its place in the code. */
  readonly jumpTargets: ReadonlyMap<number, number>
}

/** A call the frame has made, and what it does with the outcome. */
interface PendingCall {
  readonly message: VmMessage
  readonly onReturn: (result: NestedResult) => void
}

/** One running frame: its stack, memory and gas, and where it stands. */
export class Frame implements VmFrame {
  readonly program: Program
  readonly message: VmMessage
  readonly host: VmHost
  readonly environment: Environment
  readonly memory: Memory = new Memory()
  readonly stack: bigint[] = []
  gas: number
  returnData: Uint8Array = EMPTY_BYTES
  /** Index of the instruction to run next. */
  next = 0
  /** Paid in advance for the whole basic block that is running. */
  blockGas = 0
  status: VmStatus | undefined = undefined
  output: Uint8Array = EMPTY_BYTES
  #pending: PendingCall | undefined

  constructor(init: {
    readonly program: Program
    readonly message: VmMessage
    readonly host: VmHost
    readonly environment: Environment
  }) {
    this.program = init.program
    this.message = init.message
    this.host = init.host
    this.environment = init.environment
    this.gas = init.message.gas
  }

  run(): VmTurn {
    const { instructions } = this.program
    while (this.status === undefined) {
      const instruction = instructions[this.next++]!
      instruction.run(this, instruction)
      if (this.#pending !== undefined) return { type: 'call', message: this.#pending.message }
    }
    const keepsGas = this.status === 'success' || this.status === 'revert'
    const result = { status: this.status, gasLeft: keepsGas ? this.gas : 0, output: this.output }
    return { type: 'end', result }
  }

  /** Ends this turn; `onReturn` begins the next one. */
  call(message: VmMessage, onReturn: (result: NestedResult) => void): void {
    this.#pending = { message, onReturn }
  }

  resume(result: NestedResult): void {
    const pending = this.#pending
    assert(pending !== undefined, 'only a frame that waits for a call is resumed')
    this.#pending = undefined
    pending.onReturn(result)
  }

  stop(status: VmStatus): void {
    this.status = status
  }

  /** Depth of the stack was checked for the whole basic block, so there is a value. */
  pop(): bigint {
    return this.stack.pop()!
  }

  push(value: bigint): void {
    this.stack.push(value)
  }

  /** `false`, and the frame has ended, when there is not enough gas. */
  charge(gas: number): boolean {
    this.gas -= gas
    if (this.gas >= 0) return true
    this.status = 'outOfGas'
    return false
  }

  /** Gas left at this instruction, with what the rest of its block has paid in advance given back. */
  gasAt(gasBefore: number): number {
    return this.gas + this.blockGas - gasBefore
  }

  /** Pays for memory up to `offset + size`. `false`, and the frame has ended, when it cannot. */
  expand(offset: bigint, size: bigint): boolean {
    if (size === 0n) return true
    if (size > BUFFER_MAX || offset > BUFFER_MAX) {
      this.status = 'outOfGas'
      return false
    }
    const words = wordsOf(Number(offset) + Number(size))
    if (words <= this.memory.words) return true
    if (!this.charge(memoryGas(words) - memoryGas(this.memory.words))) return false
    this.memory.grow(words)
    return true
  }
}

import { assert, EMPTY_BYTES } from '@bcos-ts/common'
import type {
  NestedResult,
  VmFrame,
  VmHost,
  VmMessage,
  VmStatus,
  VmTurn,
} from '@bcos-ts/protocol/ports'
import type { Environment } from './environment.ts'
import { memoryGas, wordsOf } from './gas.ts'
import { interpret } from './interpret.ts'
import type { Memory } from './memory.ts'
import type { Program } from './program.ts'
import type { Word } from './words.ts'
import type { Workspace } from './workspace.ts'

/** Offsets and sizes above this are out of gas, whatever is left (spec 01 §11.5). */
const BUFFER_MAX = 0xffff_ffff

/** A call the frame has made, and what it does with the outcome. */
interface PendingCall {
  readonly message: VmMessage
  readonly onReturn: (result: NestedResult) => void
}

export interface FrameInit {
  readonly program: Program
  readonly message: VmMessage
  readonly host: VmHost
  readonly environment: Environment
}

/** One running frame: its stack, memory and gas, and where it stands. Compiled code works on its fields too. */
export class Frame implements VmFrame {
  readonly program: Program
  readonly message: VmMessage
  readonly host: VmHost
  readonly environment: Environment
  readonly memory: Memory
  /** Values below {@link depth} are on the stack; what lies above is left over. */
  readonly stack: Word[]
  depth = 0
  gas: number
  /** Of {@link gas} that is gone, what was paid for instructions of the basic block that stand behind this one. */
  paidAhead = 0
  /** Index of the segment to run next. */
  segment = 0
  returnData: Uint8Array = EMPTY_BYTES
  output: Uint8Array = EMPTY_BYTES
  /** `undefined` while it runs. */
  status: VmStatus | undefined = undefined
  /** A creation has no call data: what its message carries is the code. */
  readonly callData: Uint8Array
  readonly #workspace: Workspace
  #pending: PendingCall | undefined = undefined

  constructor(init: FrameInit) {
    this.program = init.program
    this.message = init.message
    this.host = init.host
    this.environment = init.environment
    this.gas = init.message.gas
    const { kind, data } = init.message
    this.callData = kind === 'create' || kind === 'create2' ? EMPTY_BYTES : data
    this.#workspace = init.environment.workspaces.take()
    this.stack = this.#workspace.stack
    this.memory = this.#workspace.memory
  }

  run(): VmTurn {
    const { segments } = this.program
    while (this.status === undefined) {
      const segment = segments[this.segment]!
      if (segment.compiled === undefined) interpret(this, segment)
      else segment.compiled(this)
      if (this.#pending !== undefined) return { type: 'call', message: this.#pending.message }
    }
    this.environment.workspaces.giveBack(this.#workspace)
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
  pop(): Word {
    return this.stack[--this.depth]!
  }

  push(value: Word): void {
    this.stack[this.depth++] = value
  }

  /** `false`, and the frame has ended, when there is not enough gas. */
  charge(gas: number): boolean {
    this.gas -= gas
    return this.gas >= 0 || this.#outOfGas()
  }

  #outOfGas(): false {
    this.status = 'outOfGas'
    return false
  }

  /** Gas left at this instruction, with what the rest of its block has paid in advance given back. */
  gasHere(): number {
    return this.gas + this.paidAhead
  }

  /** Pays for memory up to `offset + size`. `false`, and the frame has ended, when it cannot. */
  expand(offset: Word, size: Word): boolean {
    if (size === 0) return true
    if (typeof size !== 'number' || typeof offset !== 'number') return this.#outOfGas()
    if (size > BUFFER_MAX || offset > BUFFER_MAX) return this.#outOfGas()
    const { memory } = this
    if (offset + size <= memory.size) return true
    const words = wordsOf(offset + size)
    if (!this.charge(memoryGas(words) - memoryGas(memory.words))) return false
    memory.grow(words)
    return true
  }
}

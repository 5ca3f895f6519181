import { LruMap } from '@bcos-ts/common'
import type { VirtualMachine, VmCode, VmFrame, VmHost, VmMessage } from '@bcos-ts/protocol/ports'
import { type Environment, Frame, type Program } from './frame.ts'
import { FREE_STORAGE_GAS, STANDARD_GAS } from './gas.ts'
import { opcodeTable, type OpcodeTable } from './opcodes.ts'
import { assemble } from './program.ts'

/** Contracts whose prepared code is kept. */
const PROGRAMS_MAX = 512

export interface InterpreterInit {
  /** SHA3 of contracts: the suite's hash. */
  readonly hash: (message: Uint8Array) => Uint8Array
  /** The prices of `evm.enable_free_storage`. */
  readonly isFreeStorage?: boolean
}

/** A synchronous EVM of the Istanbul revision with the chain's prices and order of checks. */
export function createInterpreter(init: InterpreterInit): VirtualMachine {
  return new Interpreter(init)
}

class Interpreter implements VirtualMachine {
  readonly name = 'bcos-ts interpreter'
  readonly #environment: Environment
  readonly #opcodes: OpcodeTable
  readonly #programs = new LruMap<string, Program>(PROGRAMS_MAX)

  constructor(init: InterpreterInit) {
    const schedule = init.isFreeStorage === true ? FREE_STORAGE_GAS : STANDARD_GAS
    this.#environment = { schedule, hash: init.hash }
    this.#opcodes = opcodeTable(schedule)
  }

  start(code: VmCode, message: VmMessage, host: VmHost): VmFrame {
    const program = this.#program(code)
    return new Frame({ program, message, host, environment: this.#environment })
  }

  #program(code: VmCode): Program {
    const known = code.hash === undefined ? undefined : this.#programs.get(code.hash)
    if (known !== undefined) return known
    const program = assemble(code.bytes, this.#opcodes)
    if (code.hash !== undefined) this.#programs.set(code.hash, program)
    return program
  }
}

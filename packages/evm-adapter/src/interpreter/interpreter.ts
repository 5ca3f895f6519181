import type { VirtualMachine, VmCode, VmFrame, VmHost, VmMessage } from '@bcos-ts/protocol/ports'
import type { Environment } from './environment.ts'
import { Frame } from './frame.ts'
import { FREE_STORAGE_GAS, STANDARD_GAS } from './gas.ts'
import { HashMemo } from './hash-memo.ts'
import { opcodeTable, type OpcodeTable } from './opcodes.ts'
import { ProgramCache } from './program-cache.ts'
import { assemble, type Program } from './program.ts'
import { Workspaces } from './workspace.ts'

/** Memory for prepared code of contracts. */
const PROGRAM_BYTES_MAX = 128 * 1024 * 1024

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
  readonly #programs = new ProgramCache(PROGRAM_BYTES_MAX)

  constructor(init: InterpreterInit) {
    const schedule = init.isFreeStorage === true ? FREE_STORAGE_GAS : STANDARD_GAS
    this.#environment = {
      schedule,
      hashes: new HashMemo(init.hash),
      workspaces: new Workspaces(),
      compile: undefined,
    }
    this.#opcodes = opcodeTable(schedule)
  }

  start(code: VmCode, message: VmMessage, host: VmHost): VmFrame {
    const program = this.#program(code)
    return new Frame({ program, message, host, environment: this.#environment })
  }

  #program({ bytes, hash }: VmCode): Program {
    const known = hash === undefined ? undefined : this.#programs.get(hash)
    if (known !== undefined) return known
    const program = assemble(bytes, this.#opcodes, 0)
    if (hash !== undefined) this.#programs.set(hash, program)
    return program
  }
}

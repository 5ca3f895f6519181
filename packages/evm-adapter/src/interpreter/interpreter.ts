import type { VirtualMachine, VmCode, VmFrame, VmHost, VmMessage } from '@bcos-ts/protocol/ports'
import { CHARACTERS_OF_BYTE, createCompiler } from '../compiler/compile.ts'
import { SizedCache } from '../sized-cache.ts'
import { AddressMemo } from './address-memo.ts'
import type { Environment } from './environment.ts'
import { Frame } from './frame.ts'
import { FREE_STORAGE_GAS, type GasSchedule, STANDARD_GAS } from './gas.ts'
import { HashMemo } from './hash-memo.ts'
import { opcodeTable, type OpcodeTable } from './opcodes.ts'
import { Program } from './program.ts'
import { Workspaces } from './workspace.ts'

/** Memory for prepared code of contracts. */
const PROGRAM_BYTES_MAX = 128 * 1024 * 1024
const COMPILE_AFTER = 20_000

export interface InterpreterInit {
  /** SHA3 of contracts: the suite's hash. */
  readonly hash: (message: Uint8Array) => Uint8Array
  /** The prices of `evm.enable_free_storage`. */
  readonly isFreeStorage?: boolean
  /** Other prices than those of the chain: to compare with a machine that has them. */
  readonly schedule?: GasSchedule
  /**
   * Instructions interpreted in one piece of code before it is made into JavaScript, where the platform allows that.
   * `Infinity`: never.
   * @default 20_000, which costs about as much as compiling
   */
  readonly compileAfter?: number
}

/** A synchronous EVM of the Istanbul revision with the chain's prices and order of checks. */
export function createInterpreter(init: InterpreterInit): VirtualMachine {
  return new Interpreter(init)
}

class Interpreter implements VirtualMachine {
  readonly name = 'bcos-ts interpreter'
  readonly #environment: Environment
  readonly #opcodes: OpcodeTable
  readonly #programs = new SizedCache<string, Program>(PROGRAM_BYTES_MAX)

  constructor(init: InterpreterInit) {
    const ofChain = init.isFreeStorage === true ? FREE_STORAGE_GAS : STANDARD_GAS
    const { schedule = ofChain } = init
    this.#opcodes = opcodeTable(schedule)
    const { compileAfter = COMPILE_AFTER } = init
    this.#environment = {
      schedule,
      hashes: new HashMemo(init.hash),
      addresses: new AddressMemo(),
      workspaces: new Workspaces(),
      compile: compileAfter === Infinity ? undefined : createCompiler(this.#opcodes),
      compileAfter,
    }
  }

  start(code: VmCode, message: VmMessage, host: VmHost): VmFrame {
    const program = this.#program(code)
    return new Frame({ program, message, host, environment: this.#environment })
  }

  #program({ bytes, hash }: VmCode): Program {
    const known = hash === undefined ? undefined : this.#programs.get(hash)
    const program = known ?? new Program(bytes, this.#opcodes, CHARACTERS_OF_BYTE)
    // Programs grow while they run: what each takes up is brought up to date when it is used.
    if (hash !== undefined) this.#programs.set(hash, program, program.bytes)
    return program
  }
}

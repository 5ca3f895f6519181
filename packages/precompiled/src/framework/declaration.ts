/**
 * What a native contract is: data. Dispatch, conflict keys, ABI and Solidity text are all read from it.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import type { Address } from '@bcos-ts/protocol'
import type { NativeContext, StateTables } from '@bcos-ts/protocol/ports'
import type { GasMeter, Operation } from './gas-meter.ts'
import {
  type ArgumentsOf,
  type ArgumentValue,
  type InputParameter,
  type Mutability,
  type OutputParameter,
  parseSignature,
  type ResultOf,
  type ResultValue,
} from './signature.ts'

/** What a function of a native contract sees of the world. */
export interface NativeFrame<TSelf = undefined> {
  /** The object called; `undefined` in a contract. */
  readonly self: TSelf
  readonly tables: StateTables
  readonly suite: NativeContext['suite']
  /** The block being executed. What becomes effective with it carries this number as `enable_num`. */
  readonly blockNumber: number
  /** Hash of the block before, 32 bytes. */
  readonly parentHash: Uint8Array
  /** Signer of the transaction: the one whom access lists know. */
  readonly origin: Address
  /** Immediate caller: the contract in between, or the origin itself. */
  readonly sender: Address
  readonly gas: GasMeter
  readonly objects: NativeObjects
}

/** Objects that contracts hand out as addresses, such as open tables. */
export interface NativeObjects {
  add<TSelf>(kind: NativeObject<TSelf>, self: TSelf): Address
  /** The object of that kind at an address; refuses the call when there is none. */
  get<TSelf>(kind: NativeObject<TSelf>, address: Address): TSelf
}

/** One int256 word where the signature declares something else, as a query answers with an error code. */
export class CodeWord {
  readonly code: number

  constructor(code: number) {
    this.code = code
  }
}

/** What the author of a function says beside its signature. */
export interface FunctionDetails<TSelf, S extends string> {
  /** Who may call it with effect, for documentation. */
  readonly permission?: string
  /** Operations charged for every call that succeeds; those that depend on the call are charged in `run`. */
  readonly charges?: readonly Operation[]
  /**
   * Texts on which two calls conflict: calls that share none may run side by side. Without it, a call of this
   * function conflicts with everything (spec 03 §14.2).
   */
  readonly criticalFields?: (...args: ArgumentsOf<S>) => readonly ByteText[]
  /** The text whose hash is the selector, where it is not the canonical one. Such a function is in no ABI. */
  readonly selectorText?: string
  run(call: NativeFrame<TSelf>, ...args: ArgumentsOf<S>): ResultOf<S> | CodeWord
}

/** A function as the framework holds it: its types erased, its signature read. */
export interface NativeFunction<TSelf = undefined> {
  readonly name: string
  readonly inputs: readonly InputParameter[]
  readonly outputs: readonly OutputParameter[]
  readonly mutability: Mutability
  readonly selectorText: string
  /** Whether Solidity code can call it, that is, whether its selector is the canonical one. */
  readonly isCallable: boolean
  readonly permission: string | undefined
  readonly charges: readonly Operation[]
  readonly criticalFields: ((args: readonly ArgumentValue[]) => readonly ByteText[]) | undefined
  run(call: NativeFrame<TSelf>, args: readonly ArgumentValue[]): NativeResult
}

export type NativeResult = ResultValue | readonly ResultValue[] | CodeWord | void

/**
 * What an unknown selector gives, and call data too short for one: nothing, one word, or whatever a contract
 * does even then. It is never a failure (spec 03 §2.5).
 */
export type UnknownFunction<TSelf> = 'empty' | number | ((call: NativeFrame<TSelf>) => number)

/** What contracts and objects have in common: everything that is needed to call them. */
export interface FunctionTable<TSelf> {
  readonly name: string
  /** One sentence for people. */
  readonly summary: string
  /** Whether call data counts as memory in gas; output always does (spec 03 §2.9). */
  readonly memory: 'calldata' | 'output'
  readonly unknown: UnknownFunction<TSelf>
  readonly functions: readonly NativeFunction<TSelf>[]
}

/** A contract at a fixed address. */
export interface NativeContract extends FunctionTable<undefined> {
  /** Such as `0x1000`. An integrator's own contracts are at 0x5001 to 0xffff. */
  readonly address: number
}

/** A kind of object that contracts hand out, such as an open table. Addresses begin at 0x10001. */
export type NativeObject<TSelf> = FunctionTable<TSelf>

/** Declares a function; the types of `run` follow from the text of the signature. */
export type DeclareFunction<TSelf> = <const S extends string>(
  signature: S,
  details: FunctionDetails<TSelf, S>,
) => NativeFunction<TSelf>

/** The way to declare functions of an object: they find it as `call.self`. */
export function functionsOf<TSelf>(): DeclareFunction<TSelf> {
  return (signature, details) => {
    const { name, inputs, outputs, mutability, canonical } = parseSignature(signature)
    // `decodeArguments` reads exactly the types that `parseSignature` has found in the text from which the
    // compiler took the types of `run`.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { run, criticalFields } = details as unknown as ErasedDetails<TSelf>
    return {
      name,
      inputs,
      outputs,
      mutability,
      selectorText: details.selectorText ?? canonical,
      isCallable: details.selectorText === undefined,
      permission: details.permission,
      charges: details.charges ?? [],
      criticalFields: criticalFields && ((args) => criticalFields(...args)),
      run: (call, args) => run(call, ...args),
    }
  }
}

interface ErasedDetails<TSelf> {
  readonly run: (call: NativeFrame<TSelf>, ...args: readonly ArgumentValue[]) => NativeResult
  readonly criticalFields?: (...args: readonly ArgumentValue[]) => readonly ByteText[]
}

/** Declares a function of a contract. */
export const native: DeclareFunction<undefined> = functionsOf<undefined>()

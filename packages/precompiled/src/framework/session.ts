import { assert, EMPTY_BYTES } from '@bcos-ts/common'
import type { Address } from '@bcos-ts/protocol'
import type {
  NativeCall,
  NativeContext,
  NativeOutcome,
  NativeSession,
} from '@bcos-ts/protocol/ports'
import { ParallelFunctions } from '../contracts/parallel-functions.ts'
import type {
  FunctionTable,
  NativeContract,
  NativeFrame,
  NativeFunction,
  UnknownFunction,
} from './declaration.ts'
import { decodeArguments } from './decode-arguments.ts'
import { argumentBytes, type Dispatcher } from './dispatch.ts'
import { encodeResult, encodeWord } from './encode-result.ts'
import { FREE_STORAGE_PRICES, GasMeter, STANDARD_PRICES } from './gas-meter.ts'
import { ObjectRegistry, type TargetVisitor } from './object-registry.ts'
import { textOfFailure } from './refusal.ts'

export interface SessionInit {
  readonly context: NativeContext
  readonly contracts: ReadonlyMap<Address, NativeContract>
  readonly dispatcher: Dispatcher
}

/** The native contracts of one block, or of one read-only call. */
export class Session implements NativeSession {
  readonly #context: NativeContext
  readonly #contracts: ReadonlyMap<Address, NativeContract>
  readonly #dispatcher: Dispatcher
  readonly #objects = new ObjectRegistry()
  readonly #parallelFunctions: ParallelFunctions

  constructor(init: SessionInit) {
    this.#context = init.context
    this.#contracts = init.contracts
    this.#dispatcher = init.dispatcher
    this.#parallelFunctions = new ParallelFunctions(init.context.tables)
  }

  isNative(address: Address): boolean {
    return this.#contracts.has(address) || this.#objects.find(address) !== undefined
  }

  call(call: NativeCall): NativeOutcome {
    try {
      return this.#visit(call.address, (table, self) => this.#run(table, self, call))
    } catch (error) {
      return { type: 'failed', text: textOfFailure(error) }
    }
  }

  /** Of a block's transactions, to be asked before the first of them is executed. */
  criticalFields(address: Address, input: Uint8Array): readonly string[] | undefined {
    const contract = this.#contracts.get(address)
    if (contract !== undefined) return this.#declaredFields(contract, address, input)
    if (this.#objects.find(address) !== undefined) return undefined
    return this.#parallelFunctions.criticalFields(address, input)
  }

  usesObjects(): boolean {
    return this.#objects.isUsed
  }

  openConflicts(address: Address, input: Uint8Array): void {
    if (!this.isNative(address)) this.#parallelFunctions.open(address, input)
  }

  #visit<TResult>(address: Address, visitor: TargetVisitor<TResult>): TResult {
    const contract = this.#contracts.get(address)
    if (contract !== undefined) return visitor(contract, undefined)
    const instance = this.#objects.find(address)
    assert(instance !== undefined, `no native contract at ${address}: ask isNative first`)
    return instance.visit(visitor)
  }

  #run<TSelf>(table: FunctionTable<TSelf>, self: TSelf, call: NativeCall): NativeOutcome {
    const { isFreeStorage, suite, tables, parentHash } = this.#context
    const { input, origin, sender } = call
    const gas = new GasMeter(isFreeStorage ? FREE_STORAGE_PRICES : STANDARD_PRICES)
    if (table.memory === 'calldata') gas.setMemory(input.length)
    const blockNumber = tables.parentNumber + 1
    const objects = this.#objects
    const frame = { self, tables, suite, parentHash, blockNumber, origin, sender, gas, objects }
    const found = this.#dispatcher.find(table, input)
    const output =
      found === undefined ? answerUnknown(table.unknown, frame) : answer(found, frame, input)
    gas.growMemory(output.length)
    return { type: 'done', output, gas: gas.total() }
  }

  #declaredFields(
    contract: NativeContract,
    address: Address,
    input: Uint8Array,
  ): readonly string[] | undefined {
    if (contract.functions.every((one) => one.criticalFields === undefined)) return undefined
    const found = this.#dispatcher.find(contract, input)
    // Calling a function that does not exist touches nothing, so it conflicts with nothing.
    if (found === undefined) return typeof contract.unknown === 'function' ? undefined : []
    const fields = found.criticalFields?.(decodeArguments(found.inputs, argumentBytes(input)))
    return fields?.map((field) => field + address)
  }
}

function answer<TSelf>(
  found: NativeFunction<TSelf>,
  frame: NativeFrame<TSelf>,
  input: Uint8Array,
): Uint8Array {
  const result = found.run(frame, decodeArguments(found.inputs, argumentBytes(input)))
  for (const operation of found.charges) frame.gas.charge(operation)
  return encodeResult(found, result)
}

function answerUnknown<TSelf>(
  unknown: UnknownFunction<TSelf>,
  frame: NativeFrame<TSelf>,
): Uint8Array {
  if (unknown === 'empty') return EMPTY_BYTES
  return encodeWord(typeof unknown === 'number' ? unknown : unknown(frame))
}

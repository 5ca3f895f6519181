import type { Address } from '@bcos-ts/protocol'
import { nativeAddress } from './address.ts'
import type { FunctionTable, NativeObject, NativeObjects } from './declaration.ts'
import { refuse } from './refusal.ts'

/** Something that can be called: the functions, and the object they belong to, which only they know the type of. */
export interface CallTarget {
  visit<TResult>(visitor: TargetVisitor<TResult>): TResult
}

export type TargetVisitor<TResult> = <TSelf>(table: FunctionTable<TSelf>, self: TSelf) => TResult

interface Instance extends CallTarget {
  readonly kind: NativeObject<never>
  readonly self: unknown
}

/** The first object is at 0x10001. */
const COUNTER_START = 0x10000
const FIRST_OBJECT: Address = nativeAddress(COUNTER_START + 1)
const OBJECT_PREFIX = '0'.repeat(26)

/**
 * Objects that contracts handed out in one block, by address. The counter runs on from transaction to
 * transaction, and what was registered stays, also when its transaction was reverted (spec 03 §2.8).
 */
export class ObjectRegistry implements NativeObjects {
  readonly #instances = new Map<Address, Instance>()
  #counter = COUNTER_START
  #isUsed = false

  /** Whether an object was made or asked for: the answer depends on every object made before. */
  get isUsed(): boolean {
    return this.#isUsed
  }

  add<TSelf>(kind: NativeObject<TSelf>, self: TSelf): Address {
    this.#isUsed = true
    this.#counter += 1
    const address = nativeAddress(this.#counter)
    this.#instances.set(address, { kind, self, visit: (visitor) => visitor(kind, self) })
    return address
  }

  get<TSelf>(kind: NativeObject<TSelf>, address: Address): TSelf {
    this.#isUsed = true
    const instance = this.#instances.get(address)
    if (instance?.kind !== kind) refuse()
    // `add` pairs a kind only with objects of its type.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return instance.self as TSelf
  }

  find(address: Address): CallTarget | undefined {
    // Addresses that hashes make never begin like this.
    if (address >= FIRST_OBJECT && address.startsWith(OBJECT_PREFIX)) this.#isUsed = true
    return this.#instances.get(address)
  }
}

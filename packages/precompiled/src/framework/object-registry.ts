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

/**
 * Objects that contracts handed out in one block, by address. The counter runs on from transaction to
 * transaction, and what was registered stays, also when its transaction was reverted (spec 03 §2.8).
 */
export class ObjectRegistry implements NativeObjects {
  readonly #instances = new Map<Address, Instance>()
  #counter = COUNTER_START

  add<TSelf>(kind: NativeObject<TSelf>, self: TSelf): Address {
    this.#counter += 1
    const address = nativeAddress(this.#counter)
    this.#instances.set(address, { kind, self, visit: (visitor) => visitor(kind, self) })
    return address
  }

  get<TSelf>(kind: NativeObject<TSelf>, address: Address): TSelf {
    const instance = this.#instances.get(address)
    if (instance?.kind !== kind) refuse()
    // `add` pairs a kind only with objects of its type.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return instance.self as TSelf
  }

  find(address: Address): CallTarget | undefined {
    return this.#instances.get(address)
  }
}

import type { Address } from '@bcos-ts/protocol'
import type { NativeContext, NativeContracts, NativeSession } from '@bcos-ts/protocol/ports'
import { InvalidDeclarationError } from '../errors.ts'
import { nativeAddress } from './address.ts'
import type { NativeContract } from './declaration.ts'
import { Dispatcher } from './dispatch.ts'
import { Session } from './session.ts'

/** Where an integrator's own contracts live. */
export const EXTENSION_ADDRESSES = { first: 0x5001, last: 0xffff } as const

/** What a chain offers. */
export interface NativeContractsInit {
  /** The contracts that every node of a 2.x chain has: `builtInContracts(crypto)`. */
  readonly builtIn: readonly NativeContract[]
  /** The chain's own, at 0x5001 to 0xffff. Every node of the chain must offer the same ones. */
  readonly extensions?: readonly NativeContract[]
}

/**
 * The native contracts of a chain. Throws {@link InvalidDeclarationError} when two share an address, or an
 * extension is out of its range.
 */
export function createNativeContracts(init: NativeContractsInit): NativeContracts {
  const byAddress = new Map<Address, NativeContract>()
  for (const contract of init.builtIn) add(byAddress, contract)
  for (const contract of init.extensions ?? []) {
    assertExtension(contract)
    add(byAddress, contract)
  }
  const dispatchers = new Map<NativeContext['suite'], Dispatcher>()
  return {
    open(context: NativeContext): NativeSession {
      let dispatcher = dispatchers.get(context.suite)
      if (dispatcher === undefined) {
        dispatcher = new Dispatcher(context.suite, byAddress.values())
        dispatchers.set(context.suite, dispatcher)
      }
      return new Session({ context, contracts: byAddress, dispatcher })
    },
  }
}

function add(byAddress: Map<Address, NativeContract>, contract: NativeContract): void {
  const address = nativeAddress(contract.address)
  const other = byAddress.get(address)
  if (other !== undefined) {
    throw new InvalidDeclarationError(contract.name, `its address belongs to ${other.name}`)
  }
  byAddress.set(address, contract)
}

function assertExtension({ name, address }: NativeContract): void {
  const { first, last } = EXTENSION_ADDRESSES
  if (Number.isInteger(address) && address >= first && address <= last) return
  throw new InvalidDeclarationError(
    name,
    `address 0x${address.toString(16)} is not within 0x${first.toString(16)} to 0x${last.toString(16)}`,
  )
}

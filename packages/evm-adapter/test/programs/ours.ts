import { toHex } from '@bcos-ts/common'
import type { EthereumContracts, VirtualMachine } from '@bcos-ts/protocol/ports'
import { emptyTables, World } from '../world.ts'
import type { Outcome, Places, Setting } from './oracle.ts'

const REFUND_OF_DESTROYED = 24_000

export interface Machine {
  readonly vm: VirtualMachine
  readonly ethereum: EthereumContracts
}

/** Runs the call in a fresh world. */
export async function callOurs(
  setting: Setting,
  machine: Machine,
): Promise<{ readonly outcome: Outcome; readonly places: Places }> {
  const world = new World(await emptyTables(), {
    ...machine,
    context: { origin: setting.caller, gasPrice: 1n, blockNumber: 0, timestamp: 0n },
  })
  for (const [address, code] of setting.codes) {
    world.setCode(address, code)
    world.accounts.incrementNonce(address)
    world.balances.set(address, setting.balance)
  }
  const result = world.call(setting.to, setting.data, { gas: setting.gas })
  const isSuccess = result.status === 'success'
  const isRevert = result.status === 'revert'
  const addresses = [
    ...new Set([...setting.codes.keys(), ...world.balances.keys(), ...world.created]),
  ]
  const slots = [...world.slots].flatMap(([address, ofAddress]) =>
    [...ofAddress].map((slot) => [address, slot] as const),
  )
  return {
    places: { addresses, slots },
    outcome: {
      isSuccess,
      isRevert,
      gasUsed: isSuccess || isRevert ? setting.gas - result.gasLeft : setting.gas,
      output: isSuccess || isRevert ? toHex(result.output) : '',
      refund: isSuccess ? world.refund + REFUND_OF_DESTROYED * world.destroyed.length : 0,
      logs: world.logs.map(({ address, topics, data }) =>
        [address, ...topics.map((topic) => toHex(topic)), toHex(data)].join(' '),
      ),
      balances: addresses.map((address) => world.getBalance(address)),
      codes: addresses.map((address) => toHex(world.getCode(address))),
      storage: slots.map(([address, slot]) =>
        world.accounts.storage(address, slot).toString(16).padStart(64, '0'),
      ),
    },
  }
}

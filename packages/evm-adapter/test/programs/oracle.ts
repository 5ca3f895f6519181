/** The reference engine, set up like a {@link World}. */
import { bigIntToBytes, toHex } from '@bcos-ts/common'
import { Common, type Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM } from '@ethereumjs/evm'
import { createAccount, createAddressFromString } from '@ethereumjs/util'

export interface Setting {
  readonly codes: ReadonlyMap<string, Uint8Array>
  /** Of each contract. */
  readonly balance: bigint
  readonly caller: string
  readonly to: string
  readonly data: Uint8Array
  readonly gas: number
}

/** All that a call leaves behind that anybody could see. */
export interface Outcome {
  readonly isSuccess: boolean
  readonly isRevert: boolean
  readonly gasUsed: number
  readonly output: string
  readonly refund: number
  readonly logs: readonly string[]
  readonly balances: readonly bigint[]
  readonly codes: readonly string[]
  readonly storage: readonly string[]
}

/** What to look at after the call. */
export interface Places {
  readonly addresses: readonly string[]
  readonly slots: readonly (readonly [address: string, slot: bigint])[]
}

const at = (address: string) => createAddressFromString(`0x${address}`)

export async function askOracle(
  setting: Setting,
  hardfork: Hardfork,
  placesOf: () => Places,
): Promise<Outcome> {
  const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork }) })
  for (const [address, code] of setting.codes) {
    await evm.stateManager.putAccount(
      at(address),
      createAccount({ balance: setting.balance, nonce: 1n }),
    )
    await evm.stateManager.putCode(at(address), code)
  }
  const { execResult } = await evm.runCall({
    to: at(setting.to),
    caller: at(setting.caller),
    origin: at(setting.caller),
    data: setting.data,
    gasLimit: BigInt(setting.gas),
    gasPrice: 1n,
  })
  const failure = execResult.exceptionError?.error
  const isSuccess = failure === undefined
  const isRevert = failure === 'revert'
  const places = placesOf()
  const balances: bigint[] = []
  const codes: string[] = []
  for (const address of places.addresses) {
    const account = await evm.stateManager.getAccount(at(address))
    balances.push(account?.balance ?? 0n)
    codes.push(toHex(await evm.stateManager.getCode(at(address))))
  }
  const storage: string[] = []
  for (const [address, slot] of places.slots) {
    const value = await evm.stateManager.getStorage(at(address), bigIntToBytes(slot, 32))
    storage.push(toHex(value).padStart(64, '0'))
  }
  return {
    isSuccess,
    isRevert,
    gasUsed: Number(execResult.executionGasUsed),
    output: isSuccess || isRevert ? toHex(execResult.returnValue) : '',
    refund: isSuccess ? Number(execResult.gasRefund ?? 0n) : 0,
    logs: isSuccess ? (execResult.logs ?? []).map(logText) : [],
    balances,
    codes,
    storage,
  }
}

type OracleLog = readonly [address: Uint8Array, topics: readonly Uint8Array[], data: Uint8Array]

function logText([address, topics, data]: OracleLog): string {
  return [toHex(address), ...topics.map((topic) => toHex(topic)), toHex(data)].join(' ')
}

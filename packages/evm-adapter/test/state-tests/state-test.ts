/**
 * One case of Ethereum's public state tests: accounts, a transaction, and the state root and logs that must come of it.
 */
import { fromHex, toHex } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { encodeBytes, encodeList, type LogEntry } from '@bcos-ts/protocol'
import type { EthereumContracts, VirtualMachine } from '@bcos-ts/protocol/ports'
import { emptyTables, World, type WorldResult } from '../world.ts'
import { type PlainAccount, stateRoot } from './state-root.ts'

export interface FileAccount {
  readonly balance: string
  readonly code: string
  readonly nonce: string
  readonly storage: Readonly<Record<string, string>>
}

export interface StateTest {
  readonly env: Readonly<Record<string, string>>
  readonly pre: Readonly<Record<string, FileAccount>>
  readonly transaction: {
    readonly data: readonly string[]
    readonly gasLimit: readonly string[]
    readonly gasPrice: string
    readonly nonce: string
    readonly secretKey: string
    readonly to: string
    readonly value: readonly string[]
  }
  readonly post: Readonly<Record<string, readonly Expectation[]>>
}

export interface Expectation {
  readonly hash: string
  readonly logs: string
  readonly indexes: { readonly data: number; readonly gas: number; readonly value: number }
}

export interface Machine {
  readonly vm: VirtualMachine
  readonly ethereum: EthereumContracts
}

const REFUND_OF_DESTROYED = 24_000

export const plainHex = (text: string): string => text.replace(/^0x/, '').toLowerCase()
const integer = (text: string): bigint =>
  plainHex(text) === '' ? 0n : BigInt(`0x${plainHex(text)}`)

export interface StateTestResult {
  readonly root: string
  readonly logs: string
  /** A creation took the place of an account that had storage but no code. */
  readonly createdOverStorage: boolean
}

/** Runs the transaction of one expectation; roots and hashes in hexadecimal. */
export async function runStateTest(
  test: StateTest,
  { indexes }: Expectation,
  machine: Machine,
): Promise<StateTestResult> {
  const { env, transaction } = test
  const data = fromHex(plainHex(transaction.data[indexes.data]!))
  const gasLimit = Number(integer(transaction.gasLimit[indexes.gas]!))
  const value = integer(transaction.value[indexes.value]!)
  const gasPrice = integer(transaction.gasPrice)
  const sender = standardSuite.keyPair(fromHex(plainHex(transaction.secretKey).padStart(64, '0')))
  const origin = toHex(standardSuite.hash(sender.publicKey).subarray(12))
  const world = new World(await emptyTables(), {
    ...machine,
    context: {
      origin,
      gasPrice,
      blockNumber: Number(integer(env['currentNumber']!)),
      timestamp: integer(env['currentTimestamp']!),
      gasLimit: integer(env['currentGasLimit']!),
    },
  })
  for (const [address, account] of Object.entries(test.pre)) put(world, plainHex(address), account)
  const isCreation = transaction.to === ''
  const intrinsic = intrinsicGas(data, isCreation)
  const upfront = BigInt(gasLimit) * gasPrice
  const isValid =
    intrinsic <= gasLimit &&
    world.getBalance(origin) >= upfront + value &&
    gasLimit <= Number(integer(env['currentGasLimit']!)) &&
    world.accounts.nonce(origin) === integer(transaction.nonce)
  if (!isValid) return resultOf(world, test, [])
  world.balances.set(origin, world.getBalance(origin) - upfront)
  const over = { gas: gasLimit - intrinsic, value }
  if (!isCreation) world.accounts.incrementNonce(origin)
  const result = isCreation
    ? world.deploy(data, over)
    : world.call(plainHex(transaction.to), data, over)
  settle(world, { result, gasLimit, gasPrice, origin, coinbase: plainHex(env['currentCoinbase']!) })
  return resultOf(world, test, result.status === 'success' ? world.logs : [])
}

function intrinsicGas(data: Uint8Array, isCreation: boolean): number {
  let gas = isCreation ? 53_000 : 21_000
  for (const byte of data) gas += byte === 0 ? 4 : 68
  return gas
}

interface Settlement {
  readonly result: WorldResult
  readonly gasLimit: number
  readonly gasPrice: bigint
  readonly origin: string
  readonly coinbase: string
}

/** Refunds, fee, and the end of what destroyed itself. */
function settle(world: World, { result, gasLimit, gasPrice, origin, coinbase }: Settlement): void {
  const isKept = result.status === 'success' || result.status === 'revert'
  const used = gasLimit - (isKept ? result.gasLeft : 0)
  const refund = world.refund + REFUND_OF_DESTROYED * world.destroyed.length
  const paid = used - Math.min(Math.floor(used / 2), refund)
  const back = BigInt(gasLimit - paid) * gasPrice
  world.balances.set(origin, world.getBalance(origin) + back)
  world.touched.push(coinbase)
  world.balances.set(coinbase, world.getBalance(coinbase) + BigInt(paid) * gasPrice)
}

function put(world: World, address: string, account: FileAccount): void {
  world.accounts.createContract(address, [])
  if (integer(account.nonce) > 0n) {
    const row = world.tables.newEntry()
    row.set('value', String(integer(account.nonce)))
    world.tables.open(`c_${address}`)?.update('nonce', row, { writer: undefined })
  }
  const code = fromHex(plainHex(account.code))
  if (code.length > 0) world.accounts.setCode(address, code)
  for (const [slot, value] of Object.entries(account.storage)) {
    world.setStorage(address, integer(slot), integer(value))
  }
  world.balances.set(address, integer(account.balance))
}

function resultOf(world: World, test: StateTest, logs: readonly LogEntry[]): StateTestResult {
  const addresses = new Set([
    ...Object.keys(test.pre).map(plainHex),
    ...world.created,
    ...world.balances.keys(),
  ])
  for (const address of world.destroyed) addresses.delete(address)
  // An empty account from the time before such were deleted stays until somebody touches it.
  const old = new Set(Object.keys(test.pre).map(plainHex))
  const isLeftOver = (address: string): boolean =>
    old.has(address) && !world.touched.includes(address)
  const accounts = [...addresses]
    .map((address): PlainAccount => {
      const slots = [...(world.slots.get(address) ?? [])]
      return {
        address,
        nonce: world.accounts.nonce(address),
        balance: world.getBalance(address),
        code: world.accounts.code(address).bytes,
        storage: new Map(slots.map((slot) => [slot, world.accounts.storage(address, slot)])),
      }
    })
    .filter((account) => !isEmpty(account) || isLeftOver(account.address))
  const createdOverStorage = Object.entries(test.pre).some(
    ([address, { storage }]) =>
      world.created.has(plainHex(address)) && Object.keys(storage).length > 0,
  )
  return {
    root: toHex(stateRoot(accounts)),
    logs: toHex(standardSuite.hash(encodeLogs(logs))),
    createdOverStorage,
  }
}

function isEmpty({ nonce, balance, code }: PlainAccount): boolean {
  return nonce === 0n && balance === 0n && code.length === 0
}

function encodeLogs(logs: readonly LogEntry[]): Uint8Array {
  return encodeList(
    logs.map(({ address, topics, data }) =>
      encodeList([
        encodeBytes(fromHex(address)),
        encodeList(topics.map((topic) => encodeBytes(topic))),
        encodeBytes(data),
      ]),
    ),
  )
}

/**
 * What a bench sends: one class of transactions, by name.
 * @module
 */
import { concatBytes } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import type { Address } from '@bcos-ts/protocol'
import { type AbiItem, encodeAbi, encodeCall, selectorOf } from '@bcos-ts/protocol/abi'
import { type Account, type Client, Contract, Tables } from '@bcos-ts/sdk'
import { compileText } from '../solidity/compile.ts'
import { BENCH_SOURCE } from './contracts.ts'

/** One transaction, but for its signature. */
export interface BenchCall {
  readonly to: Address
  readonly data: Uint8Array
}

export interface WorkloadSetup {
  readonly client: Client
  /** Signers; call `i` is signed by account `i % accounts.length`. */
  readonly accounts: readonly Account[]
  readonly suite: CryptoSuite
  /** Share of calls that touch what all others touch too, 0 to 1. */
  readonly conflicts: number
  /** Tells tables of one bench from those of another on the same chain. */
  readonly label: string
  /** Sends them all and waits until they are in blocks. */
  readonly sendAll: (calls: readonly BenchCall[]) => Promise<void>
}

export interface Workload {
  readonly name: string
  readonly description: string
  /** Brings the chain to the state that the calls need; then call `i` is what the function says. */
  readonly prepare: (setup: WorkloadSetup) => Promise<(index: number) => BenchCall>
}

const DAG_TRANSFER: Address = '5002'.padStart(40, '0')
const CRUD: Address = '1002'.padStart(40, '0')
const USERS = 1000
const RICH = 1_000_000_000n
const HUNDRED = 100

/** Every workload, as the help shows them. */
export const WORKLOADS: readonly Workload[] = [
  {
    name: 'transfer',
    description: 'native contract DagTransfer (0x5002), between 1000 users',
    prepare: async (setup) => {
      const { suite, sendAll } = setup
      const save = plainCall(DAG_TRANSFER, 'userSave(string,uint256)', ['string', 'uint256'], suite)
      await sendAll(range(USERS).map((user) => save([userName(user), RICH])))
      return between(setup, DAG_TRANSFER, 'userTransfer(string,string,uint256)')
    },
  },
  {
    name: 'hello',
    description: 'Solidity HelloWorld.set(string)',
    prepare: async (setup) => {
      const { abi, address } = await deploy('HelloWorld', setup)
      const item = itemOf(abi, 'set')
      return (index) => ({
        to: address,
        data: encodeCall(item, [`name ${index}`], setup.suite),
      })
    },
  },
  {
    name: 'erc20',
    description: 'Solidity token transfer(address,uint256) with its event',
    prepare: async (setup) => {
      const { accounts, suite } = setup
      const { abi, address } = await deploy('Token', setup)
      const mint = encodeCall(itemOf(abi, 'mint'), [RICH], suite)
      await setup.sendAll(accounts.map(() => ({ to: address, data: mint })))
      const transfer = itemOf(abi, 'transfer')
      return (index) => {
        const to = (index % USERS).toString(16).padStart(40, 'f')
        return { to: address, data: encodeCall(transfer, [to, 1n], suite) }
      }
    },
  },
  {
    name: 'parallel',
    description: 'Solidity transfer registered as parallel, between 1000 users (--conflicts)',
    prepare: async (setup) => {
      const { suite } = setup
      const { abi, address } = await deploy('ParallelTransfer', setup)
      const set = itemOf(abi, 'set')
      await setup.sendAll(
        range(USERS).map((user) => ({
          to: address,
          data: encodeCall(set, [userName(user), RICH], suite),
        })),
      )
      return between(setup, address, 'transfer(string,string,uint256)')
    },
  },
  {
    name: 'table',
    description: 'insert of one row into a table, by the CRUD contract (0x1002)',
    prepare: async ({ client, accounts, suite, label }) => {
      const [account] = accounts
      if (account === undefined) throw new RangeError('a bench has an account')
      const table = `t_bench_${label}`
      await new Tables(client, account).create(table, 'id', ['item', 'price'])
      const types = ['string', 'string', 'string', 'string']
      const insert = plainCall(CRUD, 'insert(string,string,string,string)', types, suite)
      return (index) =>
        insert([table, `key ${index}`, JSON.stringify({ item: 'apple', price: `${index}` }), ''])
    },
  },
]

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

const userName = (index: number): string => `user${index}`

function plainCall(
  to: Address,
  signature: string,
  types: readonly string[],
  suite: CryptoSuite,
): (values: readonly (string | bigint)[]) => BenchCall {
  const selector = selectorOf(signature, suite)
  return (values) => ({ to, data: concatBytes(selector, encodeAbi(types, values)) })
}

/** From one user of the first half to one of the second; a conflicting call has the same receiver as all others. */
function between(
  { suite, conflicts }: WorkloadSetup,
  to: Address,
  signature: string,
): (index: number) => BenchCall {
  const transfer = plainCall(to, signature, ['string', 'string', 'uint256'], suite)
  const half = USERS / 2
  return (index) => {
    const sender = index % half
    const isConflicting = index % HUNDRED < conflicts * HUNDRED
    const receiver = half + (isConflicting ? 0 : sender)
    return transfer([userName(sender), userName(receiver), 1n])
  }
}

async function deploy(
  name: string,
  { client, accounts, suite }: WorkloadSetup,
): Promise<{ readonly abi: readonly AbiItem[]; readonly address: Address }> {
  const [account] = accounts
  if (account === undefined) throw new RangeError('a bench has an account')
  const { abi, code } = compileText(BENCH_SOURCE, name, suite.name)
  const { address } = await Contract.deploy({ client, account, abi }, code)
  return { abi, address }
}

function itemOf(abi: readonly AbiItem[], name: string): AbiItem {
  const item = abi.find((one) => one.name === name)
  if (item === undefined) throw new RangeError(`the contract has a function ${name}`)
  return item
}

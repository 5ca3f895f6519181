/** What the benches execute: each workload gives one block after the other. */
import { concatBytes } from '@bcos-ts/common'
import type { Address, Transaction } from '@bcos-ts/protocol'
import { type AbiValue, encodeAbi, selectorOf } from '@bcos-ts/protocol/abi'
import { compiled } from '../test/solidity.ts'
import { type BenchChain, suite } from './chain.ts'

export const DAG_TRANSFER: Address = '5002'.padStart(40, '0')
const CRUD: Address = '1002'.padStart(40, '0')
const TABLE_FACTORY: Address = '1001'.padStart(40, '0')

export function call(signature: string, ...values: readonly AbiValue[]): Uint8Array {
  const types = signature.slice(signature.indexOf('(') + 1, -1).split(',')
  return concatBytes(selectorOf(signature, suite), encodeAbi(types, values))
}

export interface Workload {
  readonly name: string
  /** Before the first block. */
  prepare(chain: BenchChain): Promise<void>
  /** The transactions of block `number`, counted from 0. */
  block(chain: BenchChain, number: number): Transaction[]
}

const BLOCK = 1000
/** Accounts among which the transfers go: more than a block has, as in a ledger of some size. */
const USERS = 20_000

function many(make: (index: number) => Transaction, count: number = BLOCK): Transaction[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

const nativeTransfers: Workload = {
  name: 'DagTransfer.userTransfer',
  async prepare(chain) {
    for (let at = 0; at < USERS; at += BLOCK) {
      await chain.mine(
        many((i) =>
          chain.transaction(
            DAG_TRANSFER,
            call('userAdd(string,uint256)', `user${at + i}`, 1_000_000n),
          ),
        ),
      )
    }
  },
  block: (chain, number) =>
    many((i) => {
      const from = (2 * (number * BLOCK + i)) % USERS
      const names = [`user${from}`, `user${from + 1}`]
      return chain.transaction(
        DAG_TRANSFER,
        call('userTransfer(string,string,uint256)', ...names, 1n),
      )
    }),
}

const SOURCE = `
pragma solidity ^0.6.10;

contract HelloWorld {
  string name;
  function set(string memory n) public { name = n; }
}

contract Token {
  mapping(address => uint256) public balanceOf;
  event Transfer(address indexed from, address indexed to, uint256 value);
  function mint(address to, uint256 value) public { balanceOf[to] += value; }
  function transfer(address to, uint256 value) public returns (bool) {
    require(balanceOf[msg.sender] >= value);
    balanceOf[msg.sender] -= value;
    balanceOf[to] += value;
    emit Transfer(msg.sender, to, value);
    return true;
  }
}

contract Work {
  mapping(uint256 => uint256) public done;
  uint256 public total;
  function grind(uint256 slot, uint256 rounds) public {
    bytes32 hash = bytes32(slot);
    for (uint256 i = 0; i < rounds; i++) hash = keccak256(abi.encodePacked(hash, i));
    done[slot] = uint256(hash);
  }
  function grindTogether(uint256 rounds) public {
    bytes32 hash = bytes32(total);
    for (uint256 i = 0; i < rounds; i++) hash = keccak256(abi.encodePacked(hash, i));
    total = uint256(hash);
  }
}
`

const contracts = compiled(SOURCE)
const codeOf = (name: string): Uint8Array => contracts.get(name) ?? new Uint8Array(0)

function deploying(name: string, set: (address: Address) => void): Workload['prepare'] {
  return async (chain) => set(await chain.deploy(codeOf(name)))
}

function helloWorld(): Workload {
  let address = ''
  return {
    name: 'HelloWorld.set',
    prepare: deploying('HelloWorld', (deployed) => (address = deployed)),
    block: (chain, number) =>
      many((i) => chain.transaction(address, call('set(string)', `hello ${number} ${i}`))),
  }
}

const account = (index: number): Address => index.toString(16).padStart(40, '0')

function tokenTransfers(): Workload {
  let token = ''
  return {
    name: 'ERC-20 transfer',
    async prepare(chain) {
      token = await chain.deploy(codeOf('Token'))
      const { contractAddress } = (await chain.mine([])).block.receipts[0] ?? {}
      const sender = chain.transaction(token, new Uint8Array(0)).sender(suite) ?? contractAddress
      const mint = call('mint(address,uint256)', sender ?? '', 10n ** 12n)
      await chain.mine([chain.transaction(token, mint)])
    },
    block: (chain, number) =>
      many((i) => {
        const to = account(1000 + ((number * BLOCK + i) % USERS))
        return chain.transaction(token, call('transfer(address,uint256)', to, 1n))
      }),
  }
}

const tableInserts: Workload = {
  name: 'CRUD insert',
  async prepare(chain) {
    const create = call('createTable(string,string,string)', 't_bench', 'id', 'name,amount')
    await chain.mine([chain.transaction(TABLE_FACTORY, create)])
  },
  block: (chain, number) =>
    many((i) => {
      const entry = JSON.stringify({ name: `name ${i}`, amount: String(i) })
      const key = `row${number * BLOCK + i}`
      const signature = 'insert(string,string,string,string)'
      return chain.transaction(CRUD, call(signature, 't_bench', key, entry, ''))
    }),
}

export function serialWorkloads(): readonly Workload[] {
  return [nativeTransfers, helloWorld(), tokenTransfers(), tableInserts]
}

const PARALLEL_CONFIG: Address = '1006'.padStart(40, '0')
/** Calls in a block of dear ones, and keccak256 rounds in each: a millisecond or two. */
const DEAR = 40
const ROUNDS = 2000n

async function deployWork(chain: BenchChain): Promise<Address> {
  const work = await chain.deploy(codeOf('Work'))
  const register = call(
    'registerParallelFunctionInternal(address,string,uint256)',
    work,
    'grind(uint256,uint256)',
    1n,
  )
  await chain.mine([chain.transaction(PARALLEL_CONFIG, register)])
  return work
}

/** Dear calls that have declared what they conflict on, and conflict on nothing. */
function grind(): Workload {
  let work = ''
  return {
    name: 'dear calls, declared',
    prepare: async (chain) => void (work = await deployWork(chain)),
    block: (chain, number) =>
      many((i) => {
        const data = call('grind(uint256,uint256)', BigInt(number * DEAR + i), ROUNDS)
        return chain.transaction(work, data)
      }, DEAR),
  }
}

/** Dear calls of a contract that has declared nothing, and that do not conflict. */
function undeclared(): Workload {
  let work = ''
  return {
    name: 'dear calls, undeclared',
    prepare: deploying('Work', (deployed) => (work = deployed)),
    block: (chain, number) =>
      many((i) => {
        const data = call('grind(uint256,uint256)', BigInt(number * DEAR + i), ROUNDS)
        return chain.transaction(work, data)
      }, DEAR),
  }
}

/** Dear calls of which every one needs what the one before it has written. */
function grindTogether(): Workload {
  let work = ''
  return {
    name: 'dear calls, none beside another',
    prepare: async (chain) => void (work = await deployWork(chain)),
    block: (chain) =>
      many(() => chain.transaction(work, call('grindTogether(uint256)', ROUNDS)), DEAR),
  }
}

export function parallelWorkloads(): readonly Workload[] {
  return [grind(), undeclared(), grindTogether(), nativeTransfers, tokenTransfers()]
}

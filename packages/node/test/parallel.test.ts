import { concatBytes, toHex } from '@bcos-ts/common'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { createInterpreter, tableAccountState } from '@bcos-ts/evm-adapter'
import type { LaneComponents, Profile } from '@bcos-ts/executor'
import { type Address, type Receipt, type Transaction } from '@bcos-ts/protocol'
import { type AbiValue, encodeAbi, selectorOf } from '@bcos-ts/protocol/abi'
import type { RowsOfKey, TableStorage, TrackedTables } from '@bcos-ts/protocol/ports'
import { createBlockTables, createMemoryStorage } from '@bcos-ts/storage-crud'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chainContracts } from '../src/chain-crypto.ts'
import { inlineLanes } from './inline-lanes.ts'
import { memoryChain, type MemoryChain, suite } from './memory-chain.ts'
import { compiled } from './solidity.ts'

const DAG_TRANSFER = '5002'.padStart(40, '0')
const SYSTEM_CONFIG = '1000'.padStart(40, '0')
const TABLE_FACTORY = '1001'.padStart(40, '0')
const CRUD = '1002'.padStart(40, '0')
const PERMISSION = '1005'.padStart(40, '0')
const PARALLEL_CONFIG = '1006'.padStart(40, '0')

const SOURCE = `
pragma solidity ^0.6.10;

contract TableFactory {
  function openTable(string memory) public view returns (address) {}
}
contract Table {
  function newEntry() public view returns (address) {}
  function insert(string memory, address) public returns (int256) {}
}
contract Entry {
  function set(string memory, string memory) public {}
}
contract Child {
  uint256 value;
  constructor(uint256 v) public { value = v; }
}

contract Subject {
  mapping(uint256 => uint256) public balances;
  uint256 public total;
  address public lastTable;
  address public lastChild;
  event Moved(uint256 indexed from, uint256 to, uint256 value);

  function move(uint256 from, uint256 to, uint256 value) public {
    require(from != 13, "unlucky");
    balances[from] -= value;
    balances[to] += value;
    emit Moved(from, to, value);
  }
  function moveAndCount(uint256 from, uint256 to, uint256 value) public {
    move(from, to, value);
    total += 1;
  }
  function burn(uint256 from) public { while (gasleft() > 0) { balances[from] += 1; } }
  function insert(string memory key, string memory name) public {
    address table = TableFactory(0x1001).openTable("t_rows");
    lastTable = table;
    address entry = Table(table).newEntry();
    Entry(entry).set("name", name);
    Table(table).insert(key, entry);
  }
  function create(uint256 v) public { lastChild = address(new Child(v)); }
  function end() public { selfdestruct(msg.sender); }
}
`

const code = compiled(SOURCE).get('Subject')!
const suites = await createNodeSuites()

function call(signature: string, ...values: readonly AbiValue[]): Uint8Array {
  const inner = signature.slice(signature.indexOf('(') + 1, -1)
  const types = inner === '' ? [] : inner.split(',')
  return concatBytes(selectorOf(signature, suite), encodeAbi(types, values))
}

const accounts = [1, 2, 3].map((n) => suite.keyPair(new Uint8Array(32).fill(n)))

/** Signed data before it is known at which address the contract is. */
interface Step {
  readonly what: string
  /** `subject` for the contract of the test. */
  readonly to: Address | undefined
  readonly data: Uint8Array
  readonly signer: number
}

const small = fc.integer({ min: 0, max: 15 })
const user = fc.integer({ min: 0, max: 5 }).map((n) => `user${n}`)
const signer = fc.integer({ min: 0, max: 2 })

function steps(what: string, to: Step['to'], data: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Step> {
  return fc.record({ what: fc.constant(what), to: fc.constant(to), data, signer })
}

const move = (name: string) =>
  fc.tuple(small, small, small).map((values) => call(`${name}(uint256,uint256,uint256)`, ...values))

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: steps('move', 'subject', move('move')) },
  { weight: 3, arbitrary: steps('moveAndCount', 'subject', move('moveAndCount')) },
  {
    weight: 4,
    arbitrary: steps(
      'transfer',
      DAG_TRANSFER,
      fc
        .tuple(user, user, small)
        .map((values) => call('userTransfer(string,string,uint256)', ...values)),
    ),
  },
  {
    weight: 2,
    arbitrary: steps(
      'save',
      DAG_TRANSFER,
      fc.tuple(user, small).map((values) => call('userSave(string,uint256)', ...values)),
    ),
  },
  {
    weight: 2,
    arbitrary: steps(
      'insert by a contract',
      'subject',
      fc.tuple(user, user).map((values) => call('insert(string,string)', ...values)),
    ),
  },
  {
    weight: 2,
    arbitrary: steps(
      'CRUD insert',
      CRUD,
      fc
        .tuple(user, user)
        .map(([key, name]) =>
          call('insert(string,string,string,string)', 't_rows', key, JSON.stringify({ name }), ''),
        ),
    ),
  },
  {
    weight: 2,
    arbitrary: steps(
      'CRUD update',
      CRUD,
      fc
        .tuple(user, user)
        .map(([key, name]) =>
          call(
            'update(string,string,string,string,string)',
            't_rows',
            key,
            JSON.stringify({ name }),
            '{}',
            '',
          ),
        ),
    ),
  },
  {
    weight: 1,
    arbitrary: steps(
      'CRUD remove',
      CRUD,
      user.map((key) => call('remove(string,string,string,string)', 't_rows', key, '{}', '')),
    ),
  },
  {
    weight: 1,
    arbitrary: steps(
      'new table',
      TABLE_FACTORY,
      user.map((name) => call('createTable(string,string,string)', `t_${name}`, 'key', 'value')),
    ),
  },
  {
    weight: 1,
    arbitrary: steps(
      'grant',
      PERMISSION,
      fc
        .tuple(fc.constantFrom('t_rows', 'dag_transfer'), signer)
        .map(([table, who]) => call('insert(string,string)', table, addressOf(who))),
    ),
  },
  {
    weight: 1,
    arbitrary: steps(
      'revoke',
      PERMISSION,
      fc
        .tuple(fc.constantFrom('t_rows', 'dag_transfer'), signer)
        .map(([table, who]) => call('remove(string,string)', table, addressOf(who))),
    ),
  },
  {
    weight: 1,
    arbitrary: steps(
      'system configuration',
      SYSTEM_CONFIG,
      fc.constant(call('setValueByKey(string,string)', 'tx_gas_limit', '250000')),
    ),
  },
  {
    weight: 1,
    arbitrary: steps(
      'registration',
      PARALLEL_CONFIG,
      fc.constant(
        call(
          'registerParallelFunctionInternal(address,string,uint256)',
          `0x${'ab'.repeat(20)}`,
          'f(uint256)',
          1n,
        ),
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: steps(
      'creation inside',
      'subject',
      small.map((v) => call('create(uint256)', v)),
    ),
  },
  {
    weight: 1,
    arbitrary: steps(
      'out of gas',
      'subject',
      small.map((v) => call('burn(uint256)', v)),
    ),
  },
  { weight: 1, arbitrary: steps('no contract', 'ef'.repeat(20), fc.constant(new Uint8Array(4))) },
  {
    weight: 1,
    arbitrary: steps(
      'object address',
      '1'.padEnd(5, '0').replace(/0$/, '1').padStart(40, '0'),
      fc.constant(call('newEntry()')),
    ),
  },
  { weight: 1, arbitrary: steps('creation', undefined, fc.constant(code)) },
)

function addressOf(who: number): string {
  return `0x${toHex(suite.address(accounts[who]!.publicKey))}`
}

const txGasLimit = 600_000

interface Pair {
  readonly serial: MemoryChain
  readonly lanes: MemoryChain
  readonly jobs: () => number
  subject: Address
}

async function pairOf(turns: () => readonly number[]): Promise<Pair> {
  const serial = await memoryChain({ txGasLimit })
  const storage = createMemoryStorage()
  await storage.start()
  const openTables = (parentNumber: number): TrackedTables =>
    createBlockTables({ storage, parentNumber, hash: suite.hash })
  const chain: { hashOf?: (number: number) => Uint8Array | undefined } = {}
  const components: LaneComponents = {
    suite,
    openTables,
    accounts: tableAccountState(suite.hash),
    ...chainContracts(suites),
    vm: createInterpreter({ hash: suite.hash, isFreeStorage: false }),
    isFreeStorage: false,
    hashOf: (number) => chain.hashOf?.(number),
  }
  const pool = inlineLanes(components, turns)
  const overhead = { segment: 0, transaction: 0 }
  const parallel = { pool, now: clock(), overhead, payoff: ALWAYS, profile: trusting }
  const lanes = await memoryChain({ txGasLimit, storage, parallel })
  chain.hashOf = (number) => lanes.store.hashOf(number)
  return { serial, lanes, jobs: pool.jobs, subject: '' }
}

let conflicts = 0

/** Lanes are tried, whether they pay or not. */
const ALWAYS = { mayTry: () => true, note: () => {} }

/** Sends everything into lanes, however often that went wrong. */
const trusting: Profile = {
  costOf: () => 100,
  noteCost: () => {},
  mayRunBeside: () => true,
  noteConflict: () => (conflicts += 1),
}

/** Every look at it finds it later: each transaction has some cost. */
function clock(): () => number {
  let now = 0
  return () => (now += 100)
}

async function mineBoth(
  pair: Pair,
  transactions: readonly Transaction[],
): Promise<readonly Receipt[]> {
  const expected = await pair.serial.mine(...transactions)
  const actual = await pair.lanes.mine(...transactions)
  expect(
    actual.tables.hashedTables().map(({ table, preimage }) => [table, toHex(preimage)]),
  ).toEqual(expected.tables.hashedTables().map(({ table, preimage }) => [table, toHex(preimage)]))
  expect(actual.block.receipts).toEqual(expected.block.receipts)
  expect(toHex(actual.hash)).toBe(toHex(expected.hash))
  return expected.block.receipts
}

async function rowsOf(storage: TableStorage): Promise<ReadonlyMap<string, RowsOfKey>> {
  const rows = new Map<string, RowsOfKey>()
  for await (const one of storage.scan()) rows.set(JSON.stringify([one.table, one.key]), one)
  return rows
}

/** A contract, some of whose declarations hold and some do not, a table, and users. */
async function prepare(pair: Pair): Promise<void> {
  const { serial } = pair
  const [deployed] = await mineBoth(pair, [serial.transaction(undefined, code)])
  pair.subject = deployed!.contractAddress
  const register = (signature: string, size: bigint) =>
    serial.transaction(
      PARALLEL_CONFIG,
      call(
        'registerParallelFunctionInternal(address,string,uint256)',
        pair.subject,
        signature,
        size,
      ),
    )
  await mineBoth(pair, [
    register('move(uint256,uint256,uint256)', 2n),
    // Not true: all of them count in the same place.
    register('moveAndCount(uint256,uint256,uint256)', 2n),
    // Nor this: it says that nothing conflicts.
    register('create(uint256)', 0n),
    serial.transaction(
      TABLE_FACTORY,
      call('createTable(string,string,string)', 't_rows', 'key', 'name'),
    ),
    serial.transaction(DAG_TRANSFER, call('userSave(string,uint256)', 'user0', 1000n)),
  ])
}

describe('a block in lanes', () => {
  it('is to the last row what it is in order, whatever is in it and whoever takes what', async () => {
    let inLanes = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 2, maxLength: 24 }), { minLength: 2, maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 24 }),
        async (blocks, turns) => {
          const pair = await pairOf(() => turns)
          await prepare(pair)
          for (const block of blocks) {
            const transactions = block.map(({ to, data, signer: who }) =>
              pair.serial.transaction(to === 'subject' ? pair.subject : to, data, accounts[who]),
            )
            await mineBoth(pair, transactions)
          }
          expect(await rowsOf(pair.lanes.storage)).toEqual(await rowsOf(pair.serial.storage))
          inLanes += pair.jobs()
        },
      ),
      { numRuns: Number(process.env['RUNS'] ?? 60) },
    )
    expect(inLanes).toBeGreaterThan(60)
  })
})

import { createRequire } from 'node:module'
import { fromHex } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { type AbiItem, parseAbi } from '@bcos-ts/protocol/abi'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { Contract, generateAccount, type WatchedEvent } from '../src/index.ts'
import { setup } from './support.ts'

const SOURCE = `
pragma solidity ^0.6.10;
pragma experimental ABIEncoderV2;

contract Shop {
  struct Maker { string name; address account; }
  struct Item { string title; uint64 price; bytes32[2] marks; Maker maker; }
  event Sold(address indexed buyer, string indexed title, uint64 price);
  event Named(string name);
  string public name;
  Item[] items;

  constructor(string memory _name, uint8 unused) public { name = _name; emit Named(_name); }
  function add(Item memory item) public returns (uint256 index, bool isNew) {
    items.push(item);
    return (items.length - 1, true);
  }
  function all() public view returns (Item[] memory) { return items; }
  function sell(uint256 index) public {
    require(index < items.length, "no such item");
    emit Sold(msg.sender, items[index].title, items[index].price);
    emit Named("sold");
  }
  function find(uint256 index) public view returns (string memory) { return items[index].title; }
  function find(string memory title) public view returns (uint256) { return bytes(title).length; }
  function find(uint256 index, bool) public view returns (uint64) { return items[index].price; }
  function flags(int8 a, bytes calldata b, bytes3 c, bool[] calldata d) external pure
    returns (int8, bytes memory, bytes3, bool[] memory) { return (a, b, c, d); }
}`

const MAKER = [
  { name: 'name', type: 'string' },
  { name: 'account', type: 'address' },
] as const
const ITEM = [
  { name: 'title', type: 'string' },
  { name: 'price', type: 'uint64' },
  { name: 'marks', type: 'bytes32[2]' },
  { name: 'maker', type: 'tuple', components: MAKER },
] as const

const SHOP_ABI = [
  {
    type: 'constructor',
    inputs: [
      { name: '_name', type: 'string' },
      { name: 'unused', type: 'uint8' },
    ],
  },
  { type: 'function', name: 'name', inputs: [], outputs: [{ name: '', type: 'string' }] },
  {
    type: 'function',
    name: 'add',
    inputs: [{ name: 'item', type: 'tuple', components: ITEM }],
    outputs: [
      { name: 'index', type: 'uint256' },
      { name: 'isNew', type: 'bool' },
    ],
  },
  {
    type: 'function',
    name: 'all',
    inputs: [],
    outputs: [{ name: '', type: 'tuple[]', components: ITEM }],
  },
  { type: 'function', name: 'sell', inputs: [{ name: 'index', type: 'uint256' }], outputs: [] },
  {
    type: 'function',
    name: 'find',
    inputs: [{ name: 'index', type: 'uint256' }],
    outputs: [{ name: '', type: 'string' }],
  },
  {
    type: 'function',
    name: 'find',
    inputs: [{ name: 'title', type: 'string' }],
    outputs: [{ name: '', type: 'uint256' }],
  },
  {
    type: 'function',
    name: 'find',
    inputs: [
      { name: 'index', type: 'uint256' },
      { name: '', type: 'bool' },
    ],
    outputs: [{ name: '', type: 'uint64' }],
  },
  {
    type: 'function',
    name: 'flags',
    inputs: [
      { name: 'a', type: 'int8' },
      { name: 'b', type: 'bytes' },
      { name: 'c', type: 'bytes3' },
      { name: 'd', type: 'bool[]' },
    ],
    outputs: [
      { name: '', type: 'int8' },
      { name: '', type: 'bytes' },
      { name: '', type: 'bytes3' },
      { name: '', type: 'bool[]' },
    ],
  },
  {
    type: 'event',
    name: 'Sold',
    inputs: [
      { name: 'buyer', type: 'address', indexed: true },
      { name: 'title', type: 'string', indexed: true },
      { name: 'price', type: 'uint64', indexed: false },
    ],
  },
  { type: 'event', name: 'Named', inputs: [{ name: 'name', type: 'string', indexed: false }] },
] as const

const require = createRequire(import.meta.url)

function compile(): { abi: readonly AbiItem[]; code: Uint8Array } {
  const solc: { compile(input: string): string } = require('solc')
  const input = {
    language: 'Solidity',
    sources: { 'shop.sol': { content: SOURCE } },
    settings: {
      evmVersion: 'istanbul',
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const { contracts } = JSON.parse(solc.compile(JSON.stringify(input)))
  const { abi, evm } = contracts['shop.sol'].Shop
  return { abi: parseAbi(JSON.stringify(abi)), code: fromHex(evm.bytecode.object) }
}

const compiled = compile()
const account = generateAccount(standardSuite)
const ACCOUNT = `0x${account.address}`
const MARKS = [`0x${'01'.repeat(32)}`, `0x${'02'.repeat(32)}`]
const ITEM_BY_NAME = {
  title: 'lamp',
  price: 5n,
  marks: MARKS,
  maker: { name: 'Eva', account: ACCOUNT },
}

async function shop() {
  const { client } = await setup('websocket')
  const abi = SHOP_ABI
  return Contract.deploy({ client, account, abi }, compiled.code, ['Corner', 1])
}

describe('a contract', () => {
  it('takes and gives structs, lists and all else that its ABI has', async () => {
    const contract = await shop()
    expect(await contract.call('name')).toEqual(['Corner'])
    const { values } = await contract.send('add', ITEM_BY_NAME)
    expect(values).toEqual([0n, true])
    const maker = ['Otto', new Uint8Array(20)] as const
    await contract.send('add', ['chair', 7, MARKS, maker])
    const [items] = await contract.call('all')
    expect(items).toEqual([
      ['lamp', 5n, MARKS, ['Eva', ACCOUNT]],
      ['chair', 7n, MARKS, ['Otto', `0x${'00'.repeat(20)}`]],
    ])
    const flags = await contract.call('flags', -5, '0xabcd', fromHex('010203'), [true, false])
    expect(flags).toEqual([-5n, '0xabcd', '0x010203', [true, false]])
  })

  it('has its events decoded, and says with its own words why it failed', async () => {
    const contract = await shop()
    await contract.send('add', ITEM_BY_NAME)
    const seen: WatchedEvent<typeof SHOP_ABI, 'Sold'>[] = []
    const subscription = contract.events('Sold', (event) => void seen.push(event), { to: 3 })
    const { events } = await contract.send('sell', 0)
    const hash = expect.stringMatching(/^0x[0-9a-f]{64}$/) as unknown
    const sold = { name: 'Sold', args: { buyer: ACCOUNT, title: hash, price: 5n } }
    expect(events).toEqual([sold, { name: 'Named', args: { name: 'sold' } }])
    await subscription.ended
    expect(seen).toMatchObject([{ ...sold, log: { blockNumber: 3 } }])
    await expect(contract.send('sell', 9)).rejects.toMatchObject({
      code: 'SDK_TRANSACTION_FAILED',
      details: { status: 22, reason: 'no such item', nativeCode: null },
    })
    await expect(contract.call('sell', 9)).rejects.toThrow(/failed: no such item \(status 22\)/)
    expect(await contract.transact('sell', 9)).toMatchObject({ status: 22 })
  })

  it('is used by another account', async () => {
    const contract = await shop()
    await contract.send('add', ITEM_BY_NAME)
    const other = generateAccount(standardSuite)
    const { events } = await contract.as(other).send('sell', 0)
    expect(events[0]?.args).toMatchObject({ buyer: `0x${other.address}` })
  })

  it('tells functions of one name apart', async () => {
    const contract = await shop()
    await contract.send('add', ITEM_BY_NAME)
    expect(await contract.call('find(uint256)', 0)).toEqual(['lamp'])
    expect(await contract.call('find(string)', 'four')).toEqual([4n])
    expect(await contract.call('find', 0, true)).toEqual([5n])
    await expect(contract.call('find', 0)).rejects.toMatchObject({
      code: 'SDK_AMBIGUOUS_FUNCTION',
      message:
        'find is overloaded: name one of find(uint256), find(string), find(uint256,bool) instead',
    })
  })

  it('with an ABI that was read from a file takes what the codec takes', async () => {
    const { client } = await setup('http')
    const { abi, code } = compiled
    const contract = await Contract.deploy({ client, account, abi }, code, ['Corner', 1])
    const { values } = await contract.send('add', ITEM_BY_NAME)
    expect(values[0]).toBe(0n)
    expect(await contract.call('find(string)', 'four')).toEqual([4n])
    await expect(contract.call('nothing')).rejects.toMatchObject({ code: 'SDK_UNKNOWN_FUNCTION' })
    for (const wrong of [[], ['x'], [{ title: 'x' }], [{ ...ITEM_BY_NAME, price: -1 }]]) {
      await expect(contract.send('add', ...wrong)).rejects.toMatchObject({
        code: 'PROTOCOL_INVALID_ABI',
      })
    }
  })

  it('is checked by the compiler', () => {
    type Shop = Contract<typeof SHOP_ABI>
    expectTypeOf<Shop['call']>()
      .parameter(0)
      .toEqualTypeOf<
        | 'name'
        | 'add'
        | 'all'
        | 'sell'
        | 'find'
        | 'flags'
        | 'name()'
        | 'add((string,uint64,bytes32[2],(string,address)))'
        | 'all()'
        | 'sell(uint256)'
        | 'find(uint256)'
        | 'find(string)'
        | 'find(uint256,bool)'
        | 'flags(int8,bytes,bytes3,bool[])'
      >()
    const check = async (contract: Shop) => {
      expectTypeOf(await contract.call('name')).toEqualTypeOf<readonly [string]>()
      expectTypeOf((await contract.send('add', ITEM_BY_NAME)).values).toEqualTypeOf<
        readonly [bigint, boolean]
      >()
      expectTypeOf(await contract.call('find(uint256)', 0)).toEqualTypeOf<readonly [string]>()
      expectTypeOf(await contract.call('all')).toEqualTypeOf<
        readonly [
          readonly (readonly [string, bigint, readonly string[], readonly [string, string]])[],
        ]
      >()
      // @ts-expect-error -- there is no such function
      await contract.call('nothing')
      // @ts-expect-error -- a number is wanted
      await contract.call('find(uint256)', 'x')
      // @ts-expect-error -- an argument is missing
      await contract.send('sell')
      // @ts-expect-error -- a part of the struct is missing
      await contract.send('add', { title: 'x' })
      contract.events('Sold', ({ args }) => {
        expectTypeOf(args).toEqualTypeOf<{
          readonly buyer: string
          readonly title: string
          readonly price: bigint
        }>()
      })
    }
    expect(check).toBeTypeOf('function')
  })
})

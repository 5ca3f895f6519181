import { systemRandom } from '@bcos-ts/common'
import { guomiSuite } from '@bcos-ts/crypto'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { chainContracts, openChain } from '@bcos-ts/node'
import { type Block, GENESIS_DEFAULTS, merkleRoot, type Receipt } from '@bcos-ts/protocol'
import {
  type AbiValue,
  decodeErrorText,
  decodeEvent,
  decodeResult,
  encodeCall,
} from '@bcos-ts/protocol/abi'
import { accountOf } from '@bcos-ts/sdk'
import { createMemoryStorage } from '@bcos-ts/storage-crud'
import { describe, expect, it } from 'vitest'
import { type CompiledContract, compileText } from '../src/solidity/compile.ts'

const SEALER = 'ab'.repeat(64)
const account = accountOf(systemRandom.bytes(32), guomiSuite)

/** A chain with SM in memory, executed by everything that executes in a running node. */
async function chain() {
  const suites = await createNodeSuites()
  const storage = createMemoryStorage()
  await storage.start()
  const genesis = {
    ...GENESIS_DEFAULTS,
    groupId: 1,
    sealers: [SEALER],
    epochSealerCount: 1,
    timestamp: 1_600_000_000_000n,
  }
  const suite = suites.guomi
  return openChain({ suite, storage, genesis, ...chainContracts(suites, []) })
}

const transaction = (nonce: bigint, data: Uint8Array, to?: string) =>
  account.sign({
    nonce,
    gasPrice: 1n,
    gas: 100_000_000n,
    blockLimit: 500n,
    to,
    value: 0n,
    data,
    chainId: 1n,
    groupId: 1n,
    extraData: new Uint8Array(0),
  })

/** Deploys a contract and calls it, all in one block; the receipts of the calls. */
async function run(
  { abi, code }: CompiledContract,
  calls: readonly (readonly [name: string, ...args: AbiValue[]])[],
) {
  const { store, executor } = await chain()
  const execute = (transactions: Block['transactions']): readonly Receipt[] => {
    const header = {
      ...store.head(),
      number: 1,
      parentHash: store.headHash(),
      transactionsRoot: merkleRoot(
        transactions.map((one) => one.hash),
        guomiSuite,
      ),
      sealerList: [SEALER],
      extraData: [],
    }
    return executor.execute({ header, transactions, receipts: [], signatures: [] }).block.receipts
  }
  const deploy = transaction(0n, code)
  const [{ contractAddress, status }] = execute([deploy]) as [Receipt]
  expect(status).toBe(0)
  const itemOf = (name: string) => abi.find((item) => item.name === name)!
  const sent = calls.map(([name, ...args], index) =>
    transaction(BigInt(index + 1), encodeCall(itemOf(name), args, guomiSuite), contractAddress),
  )
  return execute([deploy, ...sent])
    .slice(1)
    .map((receipt, index) => ({
      receipt,
      events: receipt.logs.map((log) => decodeEvent(abi, log, guomiSuite)),
      values: () => decodeResult(itemOf(calls[index]![0]), receipt.output),
    }))
}

/** More functions than a compiler compares one by one when it may search. */
const MANY = Array.from(
  { length: 24 },
  (_, index) => `function f${index}() public pure returns (uint256) { return ${index}; }`,
).join('\n')

const source = (pragma: string) => `pragma solidity ${pragma};
contract Inner {
  uint256[] private list;
  event Added(uint256 indexed value);
  function add(uint256 value) public returns (uint256) {
    require(value > 0, "nothing to add");
    list.push(value);
    emit Added(value);
    return list.length;
  }
}
contract Outer {
  Inner private inner;
  mapping(string => uint256) private counts;
  event Made(address inner, string words);
  constructor() public { inner = new Inner(); emit Made(address(inner), "made"); }
  ${MANY}
  function add(uint256 value) public returns (uint256) { return inner.add(value); }
  function count(string memory name) public returns (uint256) { emit Made(address(0), name); return ++counts[name]; }
  function low(uint256 value) public returns (bool ok) {
    ${pragma.includes('0.4') ? 'ok = address(inner).call(abi.encodeWithSignature("add(uint256)", value));' : '(ok, ) = address(inner).call(abi.encodeWithSignature("add(uint256)", value));'}
  }
  function fail() public pure { revert("no way"); }
}`

describe.each(['^0.4.25', '^0.5.0', '^0.6.0'])('a contract for SM, compiled by %s', (pragma) => {
  it('is called, calls, records events and fails with its words as on any chain', async () => {
    const results = await run(compileText(source(pragma), 'Outer', 'guomi'), [
      ...Array.from({ length: 24 }, (_, index) => [`f${index}`] as const),
      ['add', 7n],
      ['add', 0n],
      ['low', 5n],
      ['count', 'a'],
      ['count', 'a'],
      ['fail'],
    ])
    for (let index = 0; index < 24; index++) {
      expect(results[index]!.values()).toEqual([BigInt(index)])
    }
    const [added, refused, low, , counted, failed] = results.slice(24)
    expect(added!.values()).toEqual([1n])
    expect(refused!.receipt.status).toBe(22)
    expect(low!.values()).toEqual([true])
    expect(counted!.values()).toEqual([2n])
    expect(counted!.events).toMatchObject([{ name: 'Made', values: [{}, { value: 'a' }] }])
    expect(decodeErrorText(failed!.receipt.output, guomiSuite)).toBe('no way')
  })
})

it.each([
  [
    'type(I).interfaceId',
    'contract A { function f() public pure returns (bytes4) { return type(I).interfaceId; } }',
  ],
])('what cannot be made for SM is refused: %s', (_, body) => {
  const text = `pragma solidity ^0.6.7; interface I { function g() external; } ${body}`
  expect(() => compileText(text, 'A', 'guomi')).toThrow(
    expect.objectContaining({ code: 'CLI_SOLIDITY_FAILED' }),
  )
})

import { bigIntToBytes, concatBytes, fromHex, toHex, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { createInterpreter } from '@bcos-ts/evm-adapter'
import { decodeErrorText } from '@bcos-ts/protocol/abi'
import type { VirtualMachine } from '@bcos-ts/protocol/ports'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { type Address, createAddressFromString } from '@ethereumjs/util'
import { describe, expect, it } from 'vitest'
import { CONSTANTINOPLE_GAS, constantinopleContracts } from './constantinople.ts'
import { ETHEREUM_CONTRACTS } from './ethereum-contracts.ts'
import { type Compiler, compile, COMPILERS } from './solidity/compile.ts'
import { workshopFor } from './solidity/workshop.ts'
import { emptyTables, ORIGIN, World } from './world.ts'

const GAS = 10_000_000
const word = (value: bigint): Uint8Array => bigIntToBytes(BigInt.asUintN(256, value), 32)

function call(signature: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(standardSuite.hash(utf8(signature)).subarray(0, 4), ...parts)
}

/** A dynamic argument behind its length. */
function tail(bytes: Uint8Array): Uint8Array {
  const padding = new Uint8Array((32 - (bytes.length % 32)) % 32)
  return concatBytes(word(BigInt(bytes.length)), bytes, padding)
}

const list = (...values: readonly bigint[]): Uint8Array =>
  concatBytes(word(32n), word(BigInt(values.length)), ...values.map(word))

const LONG = 'a title that is longer than a single word of thirty-two bytes'
const idOf = (title: string, count: number): Uint8Array =>
  standardSuite.hash(concatBytes(utf8(title), Uint8Array.of(0, 0, 0, count), utf8('workshop')))
const open = (title: string, count: bigint): Uint8Array =>
  call('open(string,uint32)', word(64n), word(count), tail(utf8(title)))

/** In turn, on one contract. */
const CALLS: readonly (readonly [what: string, data: Uint8Array])[] = [
  ['a job', open('chairs', 3n)],
  ['a job with a long title', open(LONG, 7n)],
  ['a job without steps', open('nothing', 0n)],
  ['a job that exists', open('chairs', 3n)],
  ['a job without title', open('', 3n)],
  ['what was stored', call('titleOf(bytes32)', idOf(LONG, 7))],
  ['the end of a job', call('close(bytes32)', idOf(LONG, 7))],
  ['the end of a job that has ended', call('close(bytes32)', idOf(LONG, 7))],
  [
    'a negative number kept',
    call('accountOf(address,bytes32)', fromHex('00'.repeat(12) + ORIGIN), idOf(LONG, 7)),
  ],
  ['a list of jobs', call('at(uint256)', word(2n))],
  ['a place beyond a list', call('at(uint256)', word(3n))],
  ['packed bytes', call('fill(uint8)', word(250n))],
  ['short bytes kept', call('keep(bytes)', word(32n), tail(utf8('short')))],
  ['long bytes kept', call('keep(bytes)', word(32n), tail(new Uint8Array(200).fill(9)))],
  ['long bytes read', call('kept()')],
  [
    'shorter bytes in their place',
    call('keep(bytes)', word(32n), tail(new Uint8Array(40).fill(8))),
  ],
  ['sorting', call('sort(uint256[])', list(5n, 3n, 2n ** 255n, 0n, 9n, 7n, 2n ** 64n))],
  ['recursion', call('fibonacci(uint256)', word(11n))],
  ['a creation', call('make(uint256,string)', word(20n), word(64n), tail(utf8('leg')))],
  ['another creation', call('make(uint256,string)', word(30n), word(64n), tail(utf8(LONG)))],
  [
    'a creation that fails with a reason',
    call('make(uint256,string)', word(13n), word(64n), tail(utf8('x'))),
  ],
  ['calls of other contracts', call('useParts(uint256)', word(7n))],
  ['a failure below', call('breakPart()')],
  ['DELEGATECALL', call('borrow(uint256,uint256)', word(1n), word(99n))],
  [
    'bits',
    call(
      'bits(uint256,int256,uint8)',
      word(0x1234_5678_9abc_def0_1234n),
      word(-1_000_007n),
      word(9n),
    ),
  ],
  ['assembly', call('hashOf(uint256,uint256)', word(77n), word(2n ** 200n))],
  ['contracts of Ethereum', call('sha(bytes)', word(32n), tail(utf8('abc')))],
  ['a product that fits', call('overflow(uint256,uint256)', word(2n ** 100n), word(2n ** 100n))],
  [
    'a product that does not fit',
    call('overflow(uint256,uint256)', word(2n ** 200n), word(2n ** 200n)),
  ],
  ['a division by zero', call('divide(uint256,uint256)', word(1n), word(0n))],
  ['an assertion', call('sure(bool)', word(0n))],
  ['a new owner', call('hand(address)', word(0x1234n))],
  ['what only the owner may do', call('hand(address)', word(0x1234n))],
  ['a function that does not exist', call('nowhere()')],
]

/** The same contract in both engines. */
interface Pair {
  readonly world: World
  readonly evm: EVM
  readonly address: string
}

const at = (address: string): Address => createAddressFromString(`0x${address}`)

async function deploy(code: Uint8Array, vm: VirtualMachine): Promise<Pair> {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Petersburg })
  const evm = await createEVM({ common })
  const caller = at(ORIGIN)
  const theirs = await evm.runCall({ data: code, caller, origin: caller, gasLimit: BigInt(GAS) })
  const world = new World(await emptyTables(), {
    vm,
    ethereum: constantinopleContracts(ETHEREUM_CONTRACTS),
    context: { blockNumber: 0, timestamp: 0n },
  })
  const ours = world.deploy(code, { gas: GAS })
  expect(`0x${ours.createdAddress}`).toBe(theirs.createdAddress?.toString())
  expect(GAS - ours.gasLeft).toBe(Number(theirs.execResult.executionGasUsed))
  return { world, evm, address: ours.createdAddress ?? '' }
}

async function compare({ world, evm, address }: Pair, what: string, data: Uint8Array) {
  world.logs = []
  const ours = world.call(address, data, { gas: GAS })
  const caller = at(ORIGIN)
  const { execResult } = await evm.runCall({
    to: at(address),
    data,
    caller,
    origin: caller,
    gasLimit: BigInt(GAS),
  })
  const failure = execResult.exceptionError?.error
  expect(ours.status === 'success', `${what}: ${failure}`).toBe(failure === undefined)
  expect(ours.status === 'revert', what).toBe(failure === 'revert')
  const isKept = failure === undefined || failure === 'revert'
  expect(isKept ? toHex(ours.output) : '', what).toBe(isKept ? toHex(execResult.returnValue) : '')
  const used = isKept ? GAS - ours.gasLeft : GAS
  expect(used, what).toBe(Number(execResult.executionGasUsed))
  if (failure === undefined)
    expect(world.logs.map(logText), what).toEqual((execResult.logs ?? []).map(oracleLogText))
  return ours
}

const logText = ({ address, topics, data }: World['logs'][number]): string =>
  [address, ...topics.map(toHex), toHex(data)].join(' ')
type OracleLog = readonly [Uint8Array, readonly Uint8Array[], Uint8Array]
const oracleLogText = ([address, topics, data]: OracleLog): string =>
  [toHex(address), ...topics.map(toHex), toHex(data)].join(' ')

async function compareStorage({ world, evm }: Pair): Promise<void> {
  for (const [address, slots] of world.slots) {
    for (const slot of slots) {
      const theirs = toHex(await evm.stateManager.getStorage(at(address), bigIntToBytes(slot, 32)))
      const ours = world.accounts.storage(address, slot).toString(16).padStart(64, '0')
      expect(ours, `${address} ${slot}`).toBe(theirs.padStart(64, '0'))
    }
  }
}

const machine = (compileAfter: number): VirtualMachine =>
  createInterpreter({ hash: standardSuite.hash, schedule: CONSTANTINOPLE_GAS, compileAfter })

const compilers = Object.keys(COMPILERS).filter((name): name is Compiler => name in COMPILERS)

describe.each(compilers)('a contract compiled by solc %s', (compiler) => {
  const source = workshopFor(compiler)
  const codes = [true, false].map((isOptimized) =>
    compile(source, compiler, isOptimized).get('Workshop')!,
  )
  const ways = codes.flatMap((code, index) => {
    const isOptimized = index === 0
    const name = isOptimized ? 'optimised' : 'not optimised'
    return [
      { name: `${name}, interpreted`, code, compileAfter: Infinity },
      { name: `${name}, as JavaScript`, code, compileAfter: 0 },
    ]
  })

  it.each(ways)(
    'does in every call what it does in the reference engine: $name',
    async ({ code, compileAfter }) => {
      const vm = machine(compileAfter)
      // What the first time made hot, the second runs as JavaScript.
      for (let time = 0; time < 2; time++) {
        const pair = await deploy(code, vm)
        for (const [what, data] of CALLS) await compare(pair, what, data)
        await compareStorage(pair)
      }
    },
  )

  it('gives the reason of a failure, even through another contract', async () => {
    const pair = await deploy(codes[0]!, machine(0))
    const { output } = await compare(pair, 'no title', open('', 3n))
    expect(decodeErrorText(output, standardSuite)).toBe('a job has a title')
    await compare(
      pair,
      'a part',
      call('make(uint256,string)', word(1n), word(64n), tail(utf8('leg'))),
    )
    const below = await compare(pair, 'below', call('breakPart()'))
    expect(decodeErrorText(below.output, standardSuite)).toBe('a part has failed')
  })
})

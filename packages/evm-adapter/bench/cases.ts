/** What is measured, set up in both engines alike. */
import { bigIntToBytes, concatBytes, toHex, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { wasmKeccak256 } from '@bcos-ts/crypto/node'
import { createInterpreter } from '@bcos-ts/evm-adapter'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM } from '@ethereumjs/evm'
import { compile } from '../test/solidity/compile.ts'
import { HELLO_WORLD, LOOPS, TOKEN } from '../test/solidity/contracts.ts'
import { emptyTables, World } from '../test/world.ts'

const word = (value: bigint): Uint8Array => bigIntToBytes(value, 32)

/** Call data of a function: selector and words. */
function callData(signature: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(standardSuite.hash(utf8(signature)).subarray(0, 4), ...parts)
}

const set = (text: string): Uint8Array => {
  const bytes = utf8(text)
  const padding = new Uint8Array((32 - (bytes.length % 32)) % 32)
  return callData('set(string)', word(32n), word(BigInt(bytes.length)), bytes, padding)
}

const RECIPIENTS = 1000
const loop = (name: string, rounds: bigint) => [callData(`${name}(uint256)`, word(rounds))]

export interface Case {
  readonly name: string
  readonly source: string
  readonly contract: string
  /** Taken in turn. */
  readonly inputs: readonly Uint8Array[]
}

export const CASES: readonly Case[] = [
  {
    name: 'HelloWorld.set(string), 24 bytes',
    source: HELLO_WORLD,
    contract: 'HelloWorld',
    inputs: Array.from({ length: 100 }, (_, i) => set(`text number ${i + 1000}, again`)),
  },
  {
    name: `ERC-20 transfer to ${RECIPIENTS} accounts in turn`,
    source: TOKEN,
    contract: 'Token',
    inputs: Array.from({ length: RECIPIENTS }, (_, i) =>
      callData(
        'transfer(address,uint256)',
        word(0x1111_1111_1111_1111_1111_1111_1111_1111_1111_0000n + BigInt(i)),
        word(BigInt(i + 1)),
      ),
    ),
  },
  {
    name: 'arithmetic of small numbers, 1000 rounds',
    source: LOOPS,
    contract: 'Loops',
    inputs: loop('arithmetic', 1000n),
  },
  {
    name: 'arithmetic of 256 bits, 1000 rounds',
    source: LOOPS,
    contract: 'Loops',
    inputs: loop('wide', 1000n),
  },
  {
    name: 'keccak256, 1000 rounds',
    source: LOOPS,
    contract: 'Loops',
    inputs: loop('hashes', 1000n),
  },
  {
    name: 'memory, 1000 words written and read twice',
    source: LOOPS,
    contract: 'Loops',
    inputs: loop('memories', 1000n),
  },
]

const keccak = await wasmKeccak256()

function* inTurn<T>(items: readonly T[]): Generator<T, never> {
  for (;;) yield* items
}

export interface Prepared {
  /** Gas of one call. */
  readonly gas: number
  readonly output: string
  readonly call: () => number
}

/** The engine with accounts in tables, kept in memory. */
export async function prepareOurs(one: Case, compileAfter?: number): Promise<Prepared> {
  const vm = createInterpreter({
    hash: keccak.hash,
    ...(compileAfter !== undefined && { compileAfter }),
  })
  const world = new World(await emptyTables(), { vm })
  const { createdAddress = '' } = world.deploy(codeOf(one))
  const inputs = inTurn(one.inputs)
  const call = (): number => {
    const result = world.call(createdAddress, inputs.next().value)
    if (result.status !== 'success') throw new Error(`${one.name}: ${result.status}`)
    world.tables.endTransaction()
    world.logs.length = 0
    return 10_000_000 - result.gasLeft
  }
  for (let i = 0; i < one.inputs.length; i++) call()
  const { output } = world.call(createdAddress, inputs.next().value)
  return { gas: call(), output: toHex(output), call }
}

export interface PreparedOracle {
  readonly output: string
  readonly call: () => Promise<void>
}

/** The yardstick. */
export async function prepareOracle(one: Case): Promise<PreparedOracle> {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Istanbul })
  const evm = await createEVM({ common })
  const { createdAddress } = await evm.runCall({ data: codeOf(one), gasLimit: 10_000_000n })
  const inputs = inTurn(one.inputs)
  const run = async () => {
    const { execResult } = await evm.runCall({
      ...(createdAddress !== undefined && { to: createdAddress }),
      data: inputs.next().value,
      gasLimit: 10_000_000n,
    })
    if (execResult.exceptionError !== undefined) throw new Error(execResult.exceptionError.error)
    return toHex(execResult.returnValue)
  }
  for (const _ of one.inputs) await run()
  return { output: await run(), call: async () => void (await run()) }
}

const compiled = new Map<string, ReadonlyMap<string, Uint8Array>>()

function codeOf({ source, contract }: Case): Uint8Array {
  let contracts = compiled.get(source)
  if (contracts === undefined) {
    contracts = compile(source, '0.6.10')
    compiled.set(source, contracts)
  }
  return contracts.get(contract)!
}

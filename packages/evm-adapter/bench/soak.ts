/** Millions of calls with fresh data and fresh code, to see whether memory grows: `pnpm --filter @bcos-ts/evm-adapter soak`. */
import { bigIntToBytes, concatBytes, fromHex, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { createInterpreter } from '@bcos-ts/evm-adapter'
import { compile } from '../test/solidity/compile.ts'
import { LOOPS, TOKEN } from '../test/solidity/contracts.ts'
import { emptyTables, World } from '../test/world.ts'

const ROUNDS = 20
const CALLS = 100_000
/** Calls between two fresh worlds, as there is a fresh one for each block. */
const BLOCK = 1000
/** Different contracts in a round: other code each, so that each is prepared and compiled anew. */
const CONTRACTS = 200

const selector = (signature: string): Uint8Array =>
  standardSuite.hash(utf8(signature)).subarray(0, 4)
const word = (value: bigint): Uint8Array => bigIntToBytes(value, 32)
const token = compile(TOKEN, '0.6.10').get('Token')!
const loops = compile(LOOPS, '0.6.10').get('Loops')!
const vm = createInterpreter({ hash: standardSuite.hash, compileAfter: 2000 })

async function transfers(from: number): Promise<void> {
  const world = new World(await emptyTables(), { vm })
  const { createdAddress = '' } = world.deploy(token)
  for (let i = 0; i < BLOCK; i++) {
    const to = word(BigInt(from + i) + 1n)
    world.call(createdAddress, concatBytes(selector('transfer(address,uint256)'), to, word(1n)))
    world.tables.endTransaction()
  }
}

async function otherContracts(from: number): Promise<void> {
  const world = new World(await emptyTables(), { vm })
  const code = world.accounts.code(world.deploy(loops).createdAddress ?? '').bytes
  const data = concatBytes(selector('arithmetic(uint256)'), word(300n))
  for (let i = 0; i < CONTRACTS; i++) {
    // What stands behind the code makes another contract of it.
    const address = (from + i).toString(16).padStart(40, '0')
    world.setCode(address, concatBytes(code, fromHex(address)))
    world.call(address, data)
  }
}

let done = 0
for (let round = 0; round < ROUNDS; round++) {
  for (let i = 0; i < CALLS; i += BLOCK) await transfers((done += BLOCK))
  await otherContracts((round + 1) * CONTRACTS)
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  const line = `${done} calls, ${(round + 1) * CONTRACTS} contracts: rss ${Math.round(rss / 1e6)} MB, heap ${Math.round(heapUsed / 1e6)} MB`
  process.stdout.write(`${line}\n`)
}

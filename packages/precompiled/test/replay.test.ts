import { readdirSync, readFileSync } from 'node:fs'
import { fromHex, textToBytes, to0x } from '@bcos-ts/common'
import { encodeErrorText } from '@bcos-ts/protocol/abi'
import type { NativeOutcome } from '@bcos-ts/protocol/ports'
import { describe, expect, it } from 'vitest'
import { type SeedRow, World } from './world.ts'

interface Query {
  readonly label: string
  readonly to: string
  readonly origin: string
  readonly input: string
  readonly status: number
  readonly output: string
}

interface RecordedCall extends Query {
  /** Of the contract alone. Missing where the chain charged the account instead. */
  readonly gas?: number
}

interface RecordedChain {
  readonly name: string
  readonly suite: 'standard' | 'guomi'
  readonly isFreeStorage: boolean
  readonly vrf?: readonly { publicKey: string; input: string; proof: string; random: string }[]
  readonly genesis: readonly SeedRow[]
  readonly blocks: readonly RecordedBlock[]
}

interface RecordedBlock {
  readonly number: number
  readonly parentHash?: string
  readonly calls?: readonly RecordedCall[]
  /** Written in this block by contracts that are not native. */
  readonly seeds?: readonly SeedRow[]
  /** Read-only calls made after the block. */
  readonly queries?: readonly Query[]
  /** Where native contracts alone wrote. */
  readonly stateRoot?: string
}

const VECTORS = new URL('../vectors/', import.meta.url)
const chains = readdirSync(VECTORS)
  .filter((name) => name.startsWith('replay-'))
  .map((name): RecordedChain => JSON.parse(readFileSync(new URL(name, VECTORS), 'utf8')))

/** The contracts of privacy are not in this package. */
const ABSENT = /500[345]$/

/** As a receipt has it. */
function receiptOf(outcome: NativeOutcome, suite: World['suite']) {
  if (outcome.type === 'done') {
    return { status: 0, output: to0x(outcome.output), gas: outcome.gas }
  }
  return { status: 21, output: to0x(encodeErrorText(textToBytes(outcome.text), suite)) }
}

function worldOf(chain: RecordedChain): World {
  const { suite, isFreeStorage } = chain
  const vrf = (chain.vrf ?? []).map(({ publicKey, input, proof, random }) => ({
    publicKey,
    input,
    proof,
    random: fromHex(random),
  }))
  return new World({ suite, isFreeStorage, vrf })
}

describe.each(chains)('the recorded chain $name', (chain) => {
  it('comes out again: outputs, gas and state roots', async () => {
    const world = await worldOf(chain).start(chain.genesis)
    for (const block of chain.blocks) {
      while (world.height < block.number - 1) await world.block(() => {})
      await world.block(
        (here) => {
          for (const { label, to, origin, input, gas, ...expected } of block.calls ?? []) {
            if (ABSENT.test(to)) continue
            const outcome = here.call({ to, origin, input: fromHex(input) })
            const receipt = { ...expected, ...(gas !== undefined && { gas }) }
            expect(receiptOf(outcome, world.suite), `${block.number} ${label}`).toMatchObject(
              receipt,
            )
          }
          for (const row of block.seeds ?? []) here.seed(row)
          const root = to0x(here.tables.stateRoot())
          expect(root, `root of ${block.number}`).toBe(block.stateRoot ?? root)
        },
        block.parentHash === undefined ? undefined : fromHex(block.parentHash),
      )
      for (const { label, to, origin, input, output } of block.queries ?? []) {
        const outcome = world.open().call({ to, origin, input: fromHex(input) })
        expect(receiptOf(outcome, world.suite).output, `${block.number} ${label}`).toBe(output)
      }
    }
  })
})

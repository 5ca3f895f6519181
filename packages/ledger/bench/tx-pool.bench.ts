import { createTxPool, type RunningTxPool } from '@bcos-ts/ledger'
import { Transaction } from '@bcos-ts/protocol'
import { bench, describe } from 'vitest'
import {
  CHAIN_ID,
  GROUP_ID,
  mine,
  openTestChain,
  suite,
  testNodes,
  transaction,
} from '../test/chain-kit.ts'
import { World } from '../test/world.ts'

const nodes = testNodes(1)
const chain = await openTestChain(nodes)
const world = new World()
const raws = Array.from({ length: 1000 }, () => transaction().raw)
const known = raws.map((raw) => new Transaction(raw, suite))
for (const one of known) one.sender(suite)

/** As of block 0, so that what is mined below may enter again. */
const start = { height: () => 0, nonces: () => [], onCommit: () => () => {} }

function emptyPool(): RunningTxPool {
  const components = { suite, chain: start, clock: world, timers: world }
  return createTxPool({ chainId: CHAIN_ID, groupId: GROUP_ID }, components)
}

function filledPool(): RunningTxPool {
  const pool = emptyPool()
  for (const one of known) pool.import(one, '')
  return pool
}

describe('1000 transactions', () => {
  bench('import, senders known', () => void filledPool())
  bench('import and fetch, senders known', () => void filledPool().fetch(1000, new Set()))
  bench('decode (yardstick)', () => {
    for (const raw of raws) void new Transaction(raw, suite)
  })
  bench('check one hundred signatures (yardstick)', () => {
    for (const raw of raws.slice(0, 100)) new Transaction(raw, suite).sender(suite)
  })
})

describe('a block of 1000 transactions', async () => {
  const { block, hash } = await mine(chain, nodes, known)
  bench('import and take out, senders known', () => filledPool().removeMined(block, hash))
})

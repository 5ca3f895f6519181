import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createLogger, systemTimers, toHex } from '@bcos-ts/common'
import type { LanePool, Profile } from '@bcos-ts/executor'
import { createThreadLanes } from '@bcos-ts/node'
import { encodeAbi, selectorOf } from '@bcos-ts/protocol/abi'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memoryChain, type MemoryChain, suite } from './memory-chain.ts'

const ON_SOURCES = new URL('./lane-thread-on-sources.mjs', import.meta.url)
const DAG_TRANSFER = '5002'.padStart(40, '0')

/** Lanes are tried, whether they pay or not. */
const ALWAYS = { mayTry: () => true, note: () => {} }

const trusting: Profile = {
  costOf: () => 100,
  noteCost: () => {},
  mayRunBeside: () => true,
  noteConflict: () => {},
}

let folder: string
let cleanUp: (() => Promise<void>)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-lanes-'))
})

afterEach(async () => {
  for (const clean of cleanUp.toReversed()) await clean()
  cleanUp = []
  rmSync(folder, { recursive: true })
})

interface Lanes {
  readonly chain: MemoryChain
  readonly pool: LanePool
  readonly warnings: readonly string[]
  /** Why a lane had no share in a block. */
  readonly absences: readonly string[]
}

async function openLanes(
  entry: URL,
  options: { readonly idleMs?: number; readonly patienceMs?: number } = {},
): Promise<Lanes> {
  const path = join(folder, 'block')
  const storage = createLevelStorage({ path, isShared: true })
  const warnings: string[] = []
  const absences: string[] = []
  const logger = createLogger({
    isOn: () => true,
    write: ({ level, message, fields }) => {
      if (level === 'warn') warnings.push(message)
      if (level === 'debug') absences.push(String(fields['reason']))
    },
  })
  const pool = createThreadLanes(
    {
      count: 1,
      entry,
      thread: { suiteName: 'standard', path, isFreeStorage: false },
      ...options,
    },
    { timers: systemTimers, logger },
  )
  await storage.start()
  cleanUp.push(
    async () => storage.stop(),
    async () => pool.stop(),
  )
  const overhead = { segment: 0, transaction: 0 }
  const parallel = {
    pool,
    now: () => 1000 * performance.now(),
    overhead,
    payoff: ALWAYS,
    profile: trusting,
  }
  return { chain: await memoryChain({ storage, parallel }), pool, warnings, absences }
}

const call = (signature: string, ...values: readonly (string | bigint)[]): Uint8Array => {
  const types = signature.slice(signature.indexOf('(') + 1, -1).split(',')
  const data = encodeAbi(types, values)
  const whole = new Uint8Array(4 + data.length)
  whole.set(selectorOf(signature, suite))
  whole.set(data, 4)
  return whole
}

/** The same transfers on both chains, in blocks that lanes take part in when they can. */
async function transferOnBoth(serial: MemoryChain, lanes: MemoryChain): Promise<void> {
  const save = Array.from({ length: 8 }, (_, i) =>
    serial.transaction(DAG_TRANSFER, call('userSave(string,uint256)', `user${i}`, 100n)),
  )
  const move = Array.from({ length: 20 }, (_, i) =>
    serial.transaction(
      DAG_TRANSFER,
      call('userTransfer(string,string,uint256)', `user${i % 8}`, `user${(3 * i) % 7}`, 5n),
    ),
  )
  for (const block of [save, move]) {
    const expected = await serial.mine(...block)
    expect(toHex((await lanes.mine(...block)).hash)).toBe(toHex(expected.hash))
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('lanes in threads', () => {
  it('read the state of the node’s database and give the blocks of serial execution', async () => {
    const { chain, pool, warnings, absences } = await openLanes(ON_SOURCES)
    await until(() => pool.ready() === 1)
    await transferOnBoth(await memoryChain(), chain)
    expect(pool.ready()).toBe(1)
    expect([warnings, absences]).toEqual([[], []])
  })

  it('are done without, with one word in the log, when their threads cannot start', async () => {
    const nowhere = new URL('./no-such-module.mjs', import.meta.url)
    const { chain, pool, warnings } = await openLanes(nowhere)
    expect(pool.ready()).toBe(0)
    await until(() => warnings.length > 0)
    await transferOnBoth(await memoryChain(), chain)
    expect(pool.ready()).toBe(0)
    expect(warnings).toEqual(['Blocks are executed without lanes: their threads failed'])
  })

  it('are done without when a thread dies in the middle of a block', async () => {
    const dying = new URL('./lane-thread-that-dies.mjs', import.meta.url)
    const { chain, pool, warnings } = await openLanes(dying, { patienceMs: 200 })
    await until(() => pool.ready() === 1)
    await transferOnBoth(await memoryChain(), chain)
    expect(warnings).toHaveLength(1)
  })

  it('stop when nobody has used them for a while, and start again', async () => {
    const { chain, pool } = await openLanes(ON_SOURCES, { idleMs: 200 })
    await until(() => pool.ready() === 1)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(pool.ready()).toBe(0)
    await until(() => pool.ready() === 1)
    await transferOnBoth(await memoryChain(), chain)
  })
})

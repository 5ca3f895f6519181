import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BenchResult } from '../src/bench/bench.ts'
import {
  type MemoryChainProcess,
  startMemoryChainProcess,
} from '../src/bench/memory-chain-process.ts'
import { COMMAND } from './chain-kit.ts'

interface Ended {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

const folder = mkdtempSync(join(tmpdir(), 'bcos-ts-bench-test-'))
let chain: MemoryChainProcess

beforeAll(async () => {
  chain = await startMemoryChainProcess({
    folder: join(folder, 'chain'),
    nodeCount: 1,
    isGuomi: false,
    command: COMMAND,
    flags: [],
  })
}, 60_000)

afterAll(async () => {
  await chain.stop()
  rmSync(folder, { recursive: true, force: true })
})

function runBench(...words: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, 'bench', ...words])
  let output = ''
  let errors = ''
  child.stdout.on('data', (piece: Uint8Array) => (output += String(piece)))
  child.stderr.on('data', (piece: Uint8Array) => (errors += String(piece)))
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, output, errors }))
  })
}

function resultIn(file: string): BenchResult {
  const result: BenchResult = JSON.parse(readFileSync(file, 'utf8'))
  return result
}

describe('bcos-ts bench', () => {
  it('brings every workload into blocks of a running chain, and none of them fails', async () => {
    const file = join(folder, 'running.json')
    const words = ['-w', 'all', '-t', '120', '-b', '20', '--conflicts', '20', '-o', file]
    const { code, output, errors } = await runBench('--rpc', chain.urls.join(','), ...words)
    expect(errors).toContain('120 of 120 sent')
    expect(code).toBe(0)
    const { measurements, versions } = resultIn(file)
    expect(versions.chain).toBe('2.9.1')
    expect(measurements.map(({ workload }) => workload)).toEqual([
      'transfer',
      'hello',
      'erc20',
      'parallel',
      'table',
    ])
    for (const one of measurements) {
      expect(one).toMatchObject({ accepted: 120, refused: {}, failed: 0, conflicts: 0.2 })
      expect(one.perSecond).toBeGreaterThan(0)
      expect(one.latencyMs.p50).toBeLessThanOrEqual(one.latencyMs.p99)
      // Processes that are not its own cannot be looked into.
      expect(one.cpuUsPerTransaction.node).toBeNull()
      expect(output).toContain(one.workload)
    }
  }, 120_000)

  it('offers a steady rate', async () => {
    const file = join(folder, 'rate.json')
    const words = [
      '-w',
      'hello',
      '-t',
      '200',
      '-b',
      '10',
      '--rate',
      '100',
      '--warm-up',
      '30',
      '-o',
      file,
    ]
    const { code } = await runBench('--rpc', chain.urls.join(','), ...words)
    expect(code).toBe(0)
    const [one] = resultIn(file).measurements
    expect(one).toMatchObject({ accepted: 200, warmUp: 30, failed: 0, ratePerSecond: 100 })
    expect(one?.seconds).toBeGreaterThan(1.8)
  }, 60_000)

  it('starts national cryptography on its own, and tells where the time goes', async () => {
    const file = join(folder, 'own.json')
    const words = ['--guomi', '-n', '1', '-t', '2000', '--warm-up', '0', '--profile', '-o', file]
    const { code, output } = await runBench(...words)
    expect(code).toBe(0)
    const [one] = resultIn(file).measurements
    expect(one).toMatchObject({ nodes: 1, accepted: 2000, warmUp: 0, failed: 0 })
    expect(resultIn(file).versions.chain).toBe('2.9.1 gm')
    const stages = one?.stagesUs ?? {}
    expect(Object.keys(stages)).toEqual(expect.arrayContaining(['signatures', 'execution']))
    const sum = Object.values(stages).reduce((all, us) => all + us, 0)
    expect(sum).toBeCloseTo(one?.cpuUsPerTransaction.node ?? 0, -1)
    expect(output).toContain('CPU time of a node for one transaction: transfer')
  }, 120_000)

  it.each([
    ['a workload that there is not', ['-w', 'nothing'], 2, 'there is no nothing'],
    ['a count of none', ['-t', '0'], 2, '--transactions: 0 is not a whole number'],
    ['a look into foreign processes', ['--rpc', 'x', '--profile'], 2, '--profile'],
    ['an address that is none', ['--rpc', 'https://127.0.0.1:1'], 2, '--rpc: https://127.0.0.1:1'],
    ['a node that does not answer', ['--rpc', '127.0.0.1:1'], 1, '127.0.0.1:1'],
  ])('refuses %s', async (_, words, exitCode, message) => {
    const { code, errors } = await runBench(...words)
    expect(errors).toContain(message)
    expect(code).toBe(exitCode)
  })
})

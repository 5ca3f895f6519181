import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, it } from 'vitest'
import { bcosTs } from './support.ts'

const BINARY = join(import.meta.dirname, '..', 'bin', 'bcos-ts.js')
const folder = mkdtempSync(join(tmpdir(), 'bcos-ts-simulate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const simulate = (...words: readonly string[]) => bcosTs(['simulate', ...words])

describe('bcos-ts simulate', () => {
  it('runs seeds among faults and liars, and counts what happened', async () => {
    const file = join(folder, 'result.json')
    const words = ['-s', '1-2,5', '--hours', '0.01', '-a', 'silent-leader', '-o', file]
    const { exitCode, out } = await simulate(...words)
    expect(exitCode).toBe(0)
    expect(out).toContain('Every promise was kept.')
    const result: unknown = JSON.parse(readFileSync(file, 'utf8'))
    expect(result).toMatchObject({ seeds: 3, violations: [] })
  }, 120_000)

  it('shows the same, however many processes share the seeds', async () => {
    const results = await Promise.all(
      ['1', '2'].map(async (jobs) => {
        const file = join(folder, `jobs-${jobs}.json`)
        const { exitCode } = await simulate('-s', '1-3', '--hours', '0.005', '-j', jobs, '-o', file)
        expect(exitCode).toBe(0)
        const { runs }: { readonly runs: unknown } = JSON.parse(readFileSync(file, 'utf8'))
        return runs
      }),
    )
    expect(results[1]).toEqual(results[0])
  }, 120_000)

  it('tells what it has seen when it is interrupted', async () => {
    const words = ['simulate', '-s', '1-100000', '--hours', '0.02', '-j', '2']
    const child = spawn(process.execPath, [BINARY, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    // The first line about progress: now it runs.
    await once(child.stderr, 'data')
    child.kill('SIGINT')
    const [out] = await Promise.all([text(child.stdout), once(child, 'close')])
    expect(child.exitCode).toBe(0)
    expect(out).toMatch(/^Stopped: \d+ of 100000 seeds were begun\.\n/)
    expect(out).toContain('Every promise was kept.')
  }, 120_000)

  it.each(['rpbft', 'raft'])(
    'runs groups of %s',
    async (engine) => {
      const { exitCode, out } = await simulate('-s', '3', '--hours', '0.005', '-e', engine)
      expect(out).toContain('Every promise was kept.')
      expect(exitCode).toBe(0)
    },
    120_000,
  )

  it('tells all that happens in a seed, the same way each time', async () => {
    const words = ['--trace', '7', '--hours', '0.003', '-a', 'none']
    const [one, again] = [await simulate(...words), await simulate(...words)]
    expect(one.exitCode).toBe(0)
    expect(one.out).toMatch(/n\d → n\d/)
    expect(again.out).toBe(one.out)
  }, 120_000)

  it.each([
    ['a seed that is none', ['-s', '5-2'], '--seeds'],
    ['an engine that there is not', ['-e', 'poa'], '--engine: poa'],
    ['an adversary that there is not', ['-a', 'nobody'], '--adversaries: there is no nobody'],
    ['a mix of faults that there is not', ['-f', 'rain'], '--faults: there is no rain'],
  ])('refuses %s', async (_, words, message) => {
    const { exitCode, err } = await simulate(...words)
    expect(err).toContain(message)
    expect(exitCode).toBe(2)
  })
})

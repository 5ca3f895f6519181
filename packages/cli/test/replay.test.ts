import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import recording from '../vectors/recording.json' with { type: 'json' }
import { bcosTs } from './support.ts'

type Block = (typeof recording.blocks)[number]

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function put(blocks: readonly Block[], name: string = '.'): void {
  const text = blocks.map((block) => JSON.stringify(block)).join('\n')
  putFiles(gzipSync(`${text}\n`), name)
}

function putFiles(blocks: Uint8Array | string, name: string = '.'): void {
  mkdirSync(join(folder, name, 'genesis'), { recursive: true })
  for (const [file, text] of Object.entries(recording.files)) {
    writeFileSync(join(folder, name, 'genesis', file), text)
  }
  writeFileSync(join(folder, name, 'blocks.jsonl.gz'), blocks)
}

/** The recorded blocks with one change in one of them. */
function changed(number: number, change: (block: Block) => Block): readonly Block[] {
  return recording.blocks.map((block) => (block.number === number ? change(block) : block))
}

/** The gas in the receipt of block 2 as it is encoded, and one more. */
const gas = '826fcf'
const otherGas = '826fd0'

describe('replay', () => {
  it('finds a real chain equal, and is silent meanwhile when told so', async () => {
    put(recording.blocks)
    const { exitCode, out, err } = await bcosTs(['replay', folder, '--quiet'])
    expect(exitCode).toBe(0)
    expect(out).toMatch(/blocks +│ 4 +│ 0 /)
    expect(out).toMatch(/receipts +│ 3 +│ 0 /)
    expect(out).toContain('Everything is equal.')
    expect(err).toBe('')
  })

  it('says where it is, in lines or in one line that changes', async () => {
    put(recording.blocks)
    let nowMs = 0
    const clock = { nowMs: () => (nowMs += 600) }
    const lines = await bcosTs(['replay', folder], { clock })
    // A line a second at most: every second of four blocks.
    expect(lines.err).toMatch(
      /^bcos-ts-\w+: block 1, 1 transactions\n.*: block 3, 3 transactions\n$/,
    )
    const line = await bcosTs(['replay', folder], { clock, isTty: true })
    expect(line.err.split('\r').at(-2)).toMatch(/block 3, 3 transactions$/)
    expect(line.err.endsWith('\r\u001b[K')).toBe(true)
    expect(line.err).not.toContain('\n')
  })

  it('replays every group of a folder', async () => {
    put(recording.blocks, 'group1')
    put(recording.blocks.slice(0, 2), 'group2')
    const { exitCode, out } = await bcosTs(['replay', folder])
    expect(exitCode).toBe(0)
    expect(out).toContain(join(folder, 'group1'))
    expect(out).toMatch(/group2[^]*blocks +│ 2 +│ 0 /)
  })

  it('shows both sides of what differs first, and fails', async () => {
    put(changed(2, (one) => ({ ...one, blockRlp: one.blockRlp.replace(gas, otherGas) })))
    const { exitCode, out } = await bcosTs(['replay', folder])
    expect(exitCode).toBe(1)
    expect(out).toMatch(/receipts +│ 2 +│ 1 /)
    expect(out).toContain('First different receipt: block 2, transaction 0 (HelloWorld set short)')
    expect(out).toMatch(/gasUsed\n +recorded +28624\n +ours +28623/)
    expect(out).toContain('  block 2, transaction 0: HelloWorld set short')
  })

  it('shows where long values part', async () => {
    put(changed(2, (one) => ({ ...one, blockRlp: one.blockRlp.replace(gas, otherGas) })))
    const { out } = await bcosTs(['replay', folder])
    const [, recorded = '', ours = ''] =
      /First different block encoding[^]*recorded +(.*)\n +ours +(.*)\n/.exec(out) ?? []
    expect(recorded).toMatch(/^….*… \(\d+ characters\)$/)
    expect(recorded).not.toBe(ours)
    expect(recorded.length).toBeLessThan(300)
  })

  it('believes the hash that the node said, not its own of the recorded header', async () => {
    put(changed(3, (one) => ({ ...one, hash: `0x${'00'.repeat(32)}` })))
    const { exitCode, out } = await bcosTs(['replay', folder])
    expect(exitCode).toBe(1)
    expect(out).toContain('First different block hash: block 3')
  })

  it.each([
    ['a folder that is not there', () => rmSync(folder, { recursive: true })],
    ['an empty folder', () => {}],
    ['no blocks but other bytes', () => putFiles('not packed')],
    ['a file cut short', () => putFiles(gzipSync('{"number":0}'.repeat(99)).subarray(0, 20))],
    ['a line that is no block', () => putFiles(gzipSync('{"number":1}\n'))],
    ['a line that is no JSON', () => putFiles(gzipSync('hello\n'))],
  ])('refuses %s', async (_, prepare) => {
    prepare()
    const { exitCode, out, err } = await bcosTs(['replay', folder])
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toMatch(/^error: .* \(REPLAY_INVALID_RECORDING\)$/m)
  })
})

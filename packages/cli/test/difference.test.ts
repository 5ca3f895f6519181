import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionDifference } from '@bcos-ts/protocol/ports'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseHostList, writeChain } from '../src/index.ts'
import { bcosTs, planChain } from './support.ts'

const HASHES = ['a1'.repeat(32), 'b2'.repeat(32)] as const

const REPORT: ExecutionDifference = {
  code: 'SYNC_EXECUTION_DIFFERS',
  height: 7,
  atMs: 1_700_000_000_000,
  expectedHash: 'e0'.repeat(32),
  ownHash: '0e'.repeat(32),
  from: 'cd'.repeat(64),
  header: [
    { field: 'stateRoot', expected: '0x01', own: '0x02' },
    { field: 'transactionsRoot', expected: '0x03', own: '0x03' },
  ],
  hasReceipts: true,
  receipt: {
    transaction: { index: 1, hash: HASHES[1] },
    fields: [{ field: 'gasUsed', expected: '21000', own: '21016' }],
  },
  differingReceipts: 1,
  isCausedByLanes: false,
  row: null,
  differingRows: 0,
  rows: 'none: nobody could be asked',
  transactions: HASHES,
  written: [
    {
      table: 'u_counter',
      key: 'ann\u001B[31m',
      place: 0,
      fields: { name: 'ann', total: '5' },
      isRemoved: false,
      transactions: [1],
    },
  ],
  writtenLeftOut: 3,
}

describe('bcos-ts difference', () => {
  let parent: string
  let node: string
  let data: string

  beforeAll(async () => {
    parent = mkdtempSync(join(tmpdir(), 'bcos-ts-difference-'))
    const plan = await planChain({ hosts: parseHostList('127.0.0.1:1'), isRsaChannel: false })
    await writeChain(plan, join(parent, 'nodes'))
    node = join(parent, 'nodes', '127.0.0.1', 'node0')
    data = join(node, 'data', 'group1')
  }, 120_000)
  afterAll(() => rmSync(parent, { recursive: true }))

  const report = (difference: ExecutionDifference): void => {
    mkdirSync(data, { recursive: true })
    const file = join(data, `difference-${difference.height}.json`)
    writeFileSync(file, JSON.stringify(difference))
  }

  it('says that there is nothing to tell', async () => {
    const { exitCode, out } = await bcosTs(['difference', node])
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/No block of group 1/)])
  })

  it('shows the first receipt that differs and what was written, harmless to a terminal', async () => {
    report(REPORT)
    const { exitCode, out } = await bcosTs(['difference', node])
    expect(exitCode).toBe(1)
    expect(out).toMatch(/block 7 differs here, first in the receipt of transaction 1/)
    expect(out).toMatch(/stateRoot.*0x01.*0x02.*differs/)
    expect(out).toMatch(/transactionsRoot.*0x03.*equal/)
    expect(out).toMatch(/gasUsed.*21000.*21016/)
    expect(out).toContain(`transaction 1, ${HASHES[1]}`)
    expect(out).toMatch(/u_counter.*ann.*1.*total=5/)
    expect(out).toMatch(/and 3 more rows/)
    expect(out).not.toContain('\u001B')
  })

  it('shows the row, of the latest report or of the height that is asked for', async () => {
    report({
      ...REPORT,
      height: 12,
      receipt: null,
      row: {
        table: 'u_counter',
        key: 'ann',
        side: 'both wrote it',
        fields: [{ field: 'total', expected: '5', own: '1005' }],
        transactions: [{ index: 0, hash: HASHES[0] }],
      },
      differingRows: 2,
    })
    const { out } = await bcosTs(['difference', node])
    expect(out).toMatch(/block 12 writes u_counter\[ann\] differently here/)
    expect(out).toMatch(/First of 2 differing rows: table u_counter, key ann/)
    expect(out).toMatch(/total.*5.*1005/)
    expect(out).toContain(`Written here by transaction 0 (${HASHES[0]})`)
    const former = await bcosTs(['difference', node, '-n', '7'])
    expect(former.out).toMatch(/block 7 differs here/)
  })

  it('refuses folders without a database, reports that are none, and heights that are none', async () => {
    const empty = await bcosTs(['difference', node, '--with', parent])
    expect([empty.exitCode, empty.err]).toEqual([1, expect.stringMatching(/has no database/)])
    writeFileSync(join(data, 'difference-99.json'), '{"code":')
    const damaged = await bcosTs(['difference', node])
    expect([damaged.exitCode, damaged.err]).toEqual([
      expect.any(Number),
      expect.stringMatching(/NODE_INVALID_DIFFERENCE|not a report/),
    ])
    expect((await bcosTs(['difference', node, '-n', 'x'])).exitCode).toBe(2)
  })
})

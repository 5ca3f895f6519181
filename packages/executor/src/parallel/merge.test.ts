import { ZERO_ADDRESS, ZERO_HASH } from '@bcos-ts/protocol'
import type { RowChange, TableChange } from '@bcos-ts/protocol/ports'
import { describe, expect, it } from 'vitest'
import { BASE, cellName, type LaneResult } from './lane-result.ts'
import { Merge } from './merge.ts'

type Seen = readonly [table: string, seen: number]

/** A transaction that touched key `k` of some tables. */
function result(
  index: number,
  {
    reads = [],
    writes = [],
    changes = [],
  }: Partial<Record<'reads' | 'writes', readonly Seen[]>> & {
    readonly changes?: readonly TableChange[]
  },
): LaneResult {
  const cells = (list: readonly Seen[], isWritten: boolean) =>
    list.map(([table, seen]) => ({ cell: cellName(table, 'k'), isWritten, seen }))
  const receipt = {
    stateRoot: ZERO_HASH,
    gasUsed: 0n,
    contractAddress: ZERO_ADDRESS,
    logBloom: new Uint8Array(256),
    status: 0,
    output: new Uint8Array(0),
    remainGas: 0n,
    logs: [],
  }
  return {
    index,
    receipt,
    changes,
    cells: [...cells(reads, false), ...cells(writes, true)],
  }
}

const rowOf = (row: Partial<RowChange>): RowChange => ({
  key: 'k',
  id: 0,
  index: 0,
  fields: new Map(),
  isRemoved: false,
  isDiscarded: false,
  replacesKey: false,
  isUpdated: false,
  ...row,
})

const changeOf = (name: string, row: Partial<RowChange> = {}): TableChange => ({
  name,
  keyField: 'key',
  valueFields: [],
  isHashed: true,
  accessList: [],
  isFlagged: true,
  rows: [rowOf(row)],
})

const GOOD = undefined

describe('a result of a lane', () => {
  it('is taken when nobody before it has written what it touched', () => {
    const merge = new Merge()
    merge.note(result(0, { reads: [['a', BASE]], writes: [['b', BASE]] }))
    expect(merge.refusalOf(result(1, { reads: [['a', BASE]] }))).toBe(GOOD)
  })

  it('is taken when its lane has seen the last write', () => {
    const merge = new Merge()
    merge.note(result(0, { writes: [['a', BASE]] }))
    merge.note(result(1, { writes: [['a', 0]] }))
    expect(merge.refusalOf(result(2, { reads: [['a', 1]] }))).toBe(GOOD)
    expect(merge.refusalOf(result(2, { reads: [['a', 0]] }))).toEqual([1])
  })

  it('is refused when its lane has seen a later transaction, or one that was refused itself', () => {
    const merge = new Merge()
    expect(merge.refusalOf(result(2, { reads: [['a', 5]] }))).toEqual([])
    merge.noteSerial(3, {
      cells: [{ table: 'a', key: 'k', isWritten: true }],
      changes: [],
      isExact: true,
    })
    expect(merge.refusalOf(result(4, { writes: [['a', 3]] }))).toEqual([3])
    expect(merge.refusalOf(result(4, { writes: [['a', BASE]] }))).toEqual([3])
  })

  it('does not conflict on what a transaction executed again has only read', () => {
    const merge = new Merge()
    merge.noteSerial(0, {
      cells: [{ table: 'a', key: 'k', isWritten: false }],
      changes: [],
      isExact: true,
    })
    expect(merge.refusalOf(result(1, { writes: [['a', BASE]] }))).toBe(GOOD)
  })

  it('is refused once an access list has changed: which table is opened when counts from there on', () => {
    const merge = new Merge()
    const writes: readonly Seen[] = [['_sys_table_access_', BASE]]
    merge.note(result(0, { writes, changes: [changeOf('_sys_table_access_')] }))
    expect(merge.refusalOf(result(1, { reads: [['a', BASE]] }))).toEqual([])
  })

  it('is taken after a table was made, and refused after the entry of one was changed', () => {
    const writes: readonly Seen[] = [['_sys_tables_', BASE]]
    const merge = new Merge()
    merge.note(result(0, { writes, changes: [changeOf('_sys_tables_')] }))
    expect(merge.refusalOf(result(1, { reads: [['a', BASE]] }))).toBe(GOOD)
    merge.note(result(1, { writes, changes: [changeOf('_sys_tables_', { id: 100_007 })] }))
    expect(merge.refusalOf(result(2, { reads: [['a', BASE]] }))).toEqual([])
  })
})

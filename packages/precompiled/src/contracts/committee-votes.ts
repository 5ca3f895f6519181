/**
 * How a committee decides: votes with weights, kept until they are used or expire (spec 03 §3.9).
 * Members are named by their addresses with `0x` throughout.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { ResultCode, SystemTableName } from '@bcos-ts/protocol'
import type { Entry, StateTables, Table, TableDefinition } from '@bcos-ts/protocol/ports'
import type { NativeFrame } from '../framework/declaration.ts'
import { accessTable, isCommitteeMember, prefixed } from './access-rows.ts'
import { fieldOf, firstRow, newRow, ownTable, where } from './rows.ts'

/** Votes count for so many blocks. */
const VOTE_LIFETIME_BLOCKS = 10_000

const DEFINITION: TableDefinition = {
  name: '_sys_committee_votes_',
  keyField: 'key',
  valueFields: 'value,origin,block_limit',
}
const THRESHOLD_KEY = 'auth_threshold'
const DEFAULT_THRESHOLD = 0.5
const FIRST_WEIGHT = '1'

/** Keys under which votes are cast. */
export const voteKey = {
  /** For and against somebody's membership: a voter holds one of the two opinions at a time. */
  membership: (member: ByteText): ByteText => member,
  weight: (member: ByteText): ByteText => `${member}_update_weight`,
  threshold: 'update_auth_threshold',
} as const

/** A proposal: what is voted on, and for which value. */
export interface Proposal {
  readonly key: ByteText
  readonly value: ByteText
}

function weightKey(member: ByteText): ByteText {
  return `${member}_weight`
}

/** A share as the table keeps it. */
export function thresholdText(threshold: number): ByteText {
  return threshold.toFixed(6)
}

/** The table of votes, weights and threshold; made with its threshold by whoever asks first, queries too. */
function votesTable(tables: StateTables): Table {
  const open = tables.open(DEFINITION.name)
  if (open !== undefined) return open
  const table = ownTable(tables, DEFINITION)
  const threshold = newRow(tables, { value: thresholdText(DEFAULT_THRESHOLD) })
  table.insert(THRESHOLD_KEY, threshold, undefined)
  return table
}

export function votesFor(tables: StateTables, key: ByteText): readonly Entry[] {
  return votesTable(tables).select(key)
}

/** The share of all weights that a proposal must exceed. */
export function thresholdRow(tables: StateTables): Entry | undefined {
  return votesTable(tables).select(THRESHOLD_KEY)[0]
}

export function isThreshold(tables: StateTables, threshold: ByteText): boolean {
  return votesTable(tables).select(THRESHOLD_KEY, where(tables, 'value', threshold)).length > 0
}

export function setThreshold(call: NativeFrame, threshold: ByteText): number {
  const { tables, origin } = call
  const row = newRow(tables, { value: threshold, origin: prefixed(origin) })
  return votesTable(tables).update(THRESHOLD_KEY, row, { writer: undefined })
}

export function weightRow(tables: StateTables, member: ByteText): Entry | undefined {
  return votesTable(tables).select(weightKey(member))[0]
}

export function isWeight(tables: StateTables, member: ByteText, weight: ByteText): boolean {
  const condition = where(tables, 'value', weight)
  return votesTable(tables).select(weightKey(member), condition).length > 0
}

export function addFirstWeight({ tables, origin }: NativeFrame, member: ByteText): void {
  const row = newRow(tables, { value: FIRST_WEIGHT, origin: prefixed(origin) })
  votesTable(tables).insert(weightKey(member), row, undefined)
}

export function setWeight(
  { tables, origin }: NativeFrame,
  member: ByteText,
  weight: ByteText,
): number {
  const row = newRow(tables, { value: weight, origin: prefixed(origin) })
  return votesTable(tables).update(weightKey(member), row, { writer: undefined })
}

export function removeWeight(tables: StateTables, member: ByteText): void {
  votesTable(tables).remove(weightKey(member), { writer: undefined })
}

/**
 * The origin votes for a proposal. When it is carried thereby, it is applied and its votes are used up.
 * Rows that applying it changed, 0 while it is not carried, −52002 when the origin has no vote.
 */
export function vote(call: NativeFrame, proposal: Proposal, apply: () => number): number {
  const { tables, origin } = call
  if (!isCommitteeMember(tables, prefixed(origin))) return ResultCode.notMember
  castVote(call, proposal)
  if (!isCarried(call, proposal)) return 0
  const count = apply()
  const used = where(tables, 'value', proposal.value)
  votesTable(tables).remove(proposal.key, { condition: used, writer: undefined })
  return count
}

function castVote({ tables, origin, blockNumber }: NativeFrame, { key, value }: Proposal): void {
  const table = votesTable(tables)
  const voter = prefixed(origin)
  const parent = blockNumber - 1
  const limit = String(parent + VOTE_LIFETIME_BLOCKS)
  const row = newRow(tables, { value, origin: voter, block_limit: limit })
  const own = where(tables, 'origin', voter)
  if (table.select(key, own).length > 0) {
    table.update(key, row, { condition: own, writer: undefined })
  } else {
    table.insert(key, row, undefined)
  }
  const expired = tables.newCondition()
  expired.le('block_limit', String(parent))
  table.remove(key, { condition: expired, writer: undefined })
}

/** Members of this very block count already; votes of those who are none any more weigh nothing. */
function isCarried({ tables, blockNumber }: NativeFrame, { key, value }: Proposal): boolean {
  const inForce = tables.newCondition()
  inForce.le('enable_num', String(blockNumber))
  const members = accessTable(tables).select(SystemTableName.tableAccess, inForce)
  if (members.length === 0) return true
  const table = votesTable(tables)
  const weights = new Map<ByteText, number>()
  let total = 0
  for (const member of members) {
    const address = fieldOf(member, 'address')
    const weight = Number(fieldOf(firstRow(table.select(weightKey(address))), 'value'))
    weights.set(address, weight)
    total += weight
  }
  const counted = where(tables, 'value', value)
  counted.ge('block_limit', String(blockNumber))
  let votes = 0
  for (const one of table.select(key, counted)) votes += weights.get(fieldOf(one, 'origin')) ?? 0
  const row = thresholdRow(tables)
  const threshold = row === undefined ? DEFAULT_THRESHOLD : Number(fieldOf(row, 'value'))
  return votes / total > threshold
}

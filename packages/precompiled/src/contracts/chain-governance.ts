/**
 * ChainGovernance 0x1008 (spec 03 §3.9): a committee that votes on its members, and names operators.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { type Address, ResultCode, SystemTableName } from '@bcos-ts/protocol'
import type { Entry, StateTables } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { refuse } from '../framework/refusal.ts'
import { compactJson, type JsonOutput } from '../json/write.ts'
import { parseSigned } from '../numbers.ts'
import {
  accessTable,
  addGrant,
  isCommitteeMember,
  isGranted,
  prefixed,
  removeGrant,
} from './access-rows.ts'
import { freezeAccount, statusText, unfreezeAccount } from './account-freezing.ts'
import {
  addFirstWeight,
  isThreshold,
  isWeight,
  removeWeight,
  setThreshold,
  setWeight,
  thresholdRow,
  thresholdText,
  vote,
  voteKey,
  votesFor,
  weightRow,
} from './committee-votes.ts'
import { fieldOf, firstRow } from './rows.ts'

const { tableAccess, config, consensus, tables: catalogue, cns } = SystemTableName

/** Grants that a member has beside the membership itself. */
const COMPANION_GRANTS = [config, consensus] as const
const THRESHOLD_PERCENT_MAX = 99n

/** Adds the row unless it is there; 1, or −50000 when the origin may not grant. */
function grant(call: NativeFrame, table: string, address: ByteText): number {
  if (isGranted(call.tables, { table, address })) return 1
  return addGrant(call, { table, address }, call.origin)
}

/** An operator has both; one of the two is enough to be barred from the committee. */
function operatorGrants(tables: StateTables, address: ByteText): number {
  return [catalogue, cns].filter((table) => isGranted(tables, { table, address })).length
}

function grantMember(call: NativeFrame, user: Address): number {
  const { tables } = call
  const member = prefixed(user)
  if (operatorGrants(tables, member) > 0) return ResultCode.operatorAsMember
  if (accessTable(tables).select(tableAccess).length === 0) return foundCommittee(call, member)
  if (isCommitteeMember(tables, member)) return ResultCode.memberExists
  return vote(call, { key: voteKey.membership(member), value: 'grant' }, () => {
    const count = addGrant(call, { table: tableAccess, address: member }, undefined)
    // Refused without a word to a voter whose own membership is not in force yet.
    for (const table of COMPANION_GRANTS) grant(call, table, member)
    addFirstWeight(call, member)
    return count
  })
}

/** Without a committee, whoever comes first makes one. */
function foundCommittee(call: NativeFrame, member: ByteText): number {
  const result = grant(call, tableAccess, member)
  for (const table of COMPANION_GRANTS) grant(call, table, member)
  addFirstWeight(call, member)
  return result
}

function revokeMember(call: NativeFrame, user: Address): number {
  const { tables, origin } = call
  const member = prefixed(user)
  if (!isCommitteeMember(tables, member)) return ResultCode.memberMissing
  return vote(call, { key: voteKey.membership(member), value: 'revoke' }, () => {
    const count = removeGrant(tables, { table: tableAccess, address: member }, undefined)
    for (const table of COMPANION_GRANTS) removeGrant(tables, { table, address: member }, origin)
    removeWeight(tables, member)
    return count
  })
}

function updateWeight(call: NativeFrame, user: Address, weight: bigint): number {
  if (weight <= 0n) {
    refuse(
      `updateCommitteeMemberWeight failed for invalid weight "${weight}", the weight must be greater than 0`,
    )
  }
  const { tables } = call
  const member = prefixed(user)
  if (!isCommitteeMember(tables, member)) return ResultCode.memberMissing
  const value = String(weight)
  if (isWeight(tables, member, value)) return ResultCode.unchangedValue
  return vote(call, { key: voteKey.weight(member), value }, () => setWeight(call, member, value))
}

function updateThreshold(call: NativeFrame, percent: bigint): number {
  if (percent < 0n || percent > THRESHOLD_PERCENT_MAX) return ResultCode.invalidThreshold
  const value = thresholdText(Number(percent) / 100)
  if (isThreshold(call.tables, value)) return ResultCode.unchangedValue
  return vote(call, { key: voteKey.threshold, value }, () => setThreshold(call, value))
}

function grantOperator(call: NativeFrame, user: Address): number {
  const { tables, origin } = call
  const operator = prefixed(user)
  if (!isCommitteeMember(tables, prefixed(origin))) return ResultCode.notMember
  if (isCommitteeMember(tables, operator)) return ResultCode.memberAsOperator
  if (operatorGrants(tables, operator) === 2) return ResultCode.operatorExists
  let result = 0
  for (const table of [catalogue, cns]) {
    result = grant(call, table, operator)
    if (result === ResultCode.noAuthorized) {
      refuse(`Permission denied. ${prefixed(origin)} can't grantOperator operator ${operator}`)
    }
  }
  return result
}

function revokeOperator({ tables, origin }: NativeFrame, user: Address): number {
  const address = prefixed(user)
  if (!isCommitteeMember(tables, prefixed(origin))) return ResultCode.notMember
  if (!isGranted(tables, { table: catalogue, address })) return ResultCode.operatorMissing
  const result = removeGrant(tables, { table: catalogue, address }, origin)
  removeGrant(tables, { table: cns, address }, origin)
  return result
}

function describeGrants(rows: readonly Entry[]): ByteText {
  return compactJson(
    rows.map((row) => ({
      address: fieldOf(row, 'address'),
      enable_num: fieldOf(row, 'enable_num'),
    })),
  )
}

function describeVote(row: Entry): { readonly [member: string]: ByteText } {
  return { voter: fieldOf(row, 'origin'), block_limit: fieldOf(row, 'block_limit') }
}

function groupByValue(rows: readonly Entry[]): Map<ByteText, JsonOutput[]> {
  const groups = new Map<ByteText, JsonOutput[]>()
  for (const row of rows) {
    const value = fieldOf(row, 'value')
    const group = groups.get(value)
    if (group === undefined) groups.set(value, [describeVote(row)])
    else group.push(describeVote(row))
  }
  return groups
}

function describeVotes(groups: ReadonlyMap<ByteText, readonly JsonOutput[]>): ByteText {
  return compactJson(groups.size === 0 ? null : Object.fromEntries(groups))
}

function votesOfMember(tables: StateTables, user: Address): ByteText {
  const member = prefixed(user)
  const groups = groupByValue(votesFor(tables, voteKey.membership(member)))
  const weights = votesFor(tables, voteKey.weight(member)).map((row) => ({
    voter: fieldOf(row, 'origin'),
    block_limit: fieldOf(row, 'block_limit'),
    target: fieldOf(row, 'value'),
  }))
  if (weights.length > 0) groups.set('update_weight', weights)
  return describeVotes(groups)
}

const byVote = 'committee members, by vote'
const byMember = 'a committee member'

export const chainGovernance: NativeContract = {
  name: 'ChainGovernance',
  address: 0x1008,
  summary: 'A committee that votes on its members, and names operators.',
  memory: 'output',
  unknown: 'empty',
  functions: [
    native('grantCommitteeMember(address user) returns (int256)', {
      permission: `${byVote}; anybody as long as there is no committee`,
      run: grantMember,
    }),
    native('revokeCommitteeMember(address user) returns (int256)', {
      permission: byVote,
      run: revokeMember,
    }),
    native('updateCommitteeMemberWeight(address user, int256 weight) returns (int256)', {
      permission: byVote,
      run: updateWeight,
    }),
    native('updateThreshold(int256 percent) returns (int256)', {
      permission: byVote,
      run: updateThreshold,
    }),
    native('queryThreshold() view returns (int256 percent)', {
      // Binary fractions: 29, 57 and 58 per cent read as one less.
      run({ tables }) {
        const row = thresholdRow(tables)
        return Math.trunc(Number(fieldOf(firstRow(row ? [row] : []), 'value')) * 100)
      },
    }),
    native('queryCommitteeMemberWeight(address user) view returns (bool, int256)', {
      run({ tables }, user) {
        const row = weightRow(tables, prefixed(user))
        if (row === undefined) return [false, ResultCode.memberMissing] as const
        return [true, parseSigned(fieldOf(row, 'value'), 32) ?? refuse()] as const
      },
    }),
    native('queryVotesOfMember(address user) view returns (string json)', {
      run: ({ tables }, user) => votesOfMember(tables, user),
    }),
    native('queryVotesOfThreshold() view returns (string json)', {
      run: ({ tables }) => describeVotes(groupByValue(votesFor(tables, voteKey.threshold))),
    }),
    native('listCommitteeMembers() view returns (string json)', {
      run: ({ tables }) => describeGrants(accessTable(tables).select(tableAccess)),
    }),
    native('grantOperator(address user) returns (int256)', {
      permission: byMember,
      run: grantOperator,
    }),
    native('revokeOperator(address user) returns (int256)', {
      permission: byMember,
      run: revokeOperator,
    }),
    native('listOperators() view returns (string json)', {
      run({ tables }) {
        const candidates = accessTable(tables).select(catalogue)
        return describeGrants(
          candidates.filter((row) => operatorGrants(tables, fieldOf(row, 'address')) === 2),
        )
      },
    }),
    native('freezeAccount(address account) returns (int256)', {
      permission: byMember,
      run: freezeAccount,
    }),
    native('unfreezeAccount(address account) returns (int256)', {
      permission: byMember,
      run: unfreezeAccount,
    }),
    native('getAccountStatus(address account) view returns (string)', { run: statusText }),
  ],
}

import { bytesToText, EMPTY_BYTES } from '@bcos-ts/common'
import { accountTable, SystemTableName } from '@bcos-ts/protocol'
import type { AbiValue } from '@bcos-ts/protocol/abi'
import { beforeEach, describe, expect, it } from 'vitest'
import { chainGovernance } from '../../src/contracts/chain-governance.ts'
import { contractLifeCycle } from '../../src/contracts/contract-life-cycle.ts'
import { gasChargeManage } from '../../src/contracts/gas-charge-manage.ts'
import { type NativeContract, ResultCode } from '../../src/index.ts'
import { type Answer, Calls, type Failure, textOf } from '../calls.ts'
import { type GovernanceStep, ruleVectors } from '../vectors.ts'
import { World } from '../world.ts'

const A = 'a1'.repeat(20)
const B = 'b2'.repeat(20)
const C = 'c3'.repeat(20)
const D = 'd4'.repeat(20)
const CONTRACT = 'c0'.repeat(20)
const NOBODY = 'e0'.repeat(20)

let world: World
let calls: Calls

beforeEach(async () => {
  world = await new World().start()
  calls = new Calls(world.open(), world.suite)
})

/** Ends the block: what was written is committed, and a new block begins. */
async function nextBlock(run: (calls: Calls) => void): Promise<void> {
  await world.block((block) => run(new Calls(block, world.suite)))
  calls = new Calls(world.open(), world.suite)
}

function on(contract: NativeContract, origin: string, signature: string, ...values: AbiValue[]) {
  return calls.contract(contract, signature, values, { origin })
}

/** Accounts, with code where managers are named. */
function seedAccount(into: Calls, address: string, managers?: readonly string[]): void {
  const table = accountTable(address)
  into.block.tables.create({ name: table, keyField: 'key', valueFields: 'value' }, undefined)
  const hash = world.suite.hash(managers === undefined ? EMPTY_BYTES : new Uint8Array(1))
  into.block.seed({ table, key: 'codeHash', fields: { value: bytesToText(hash) } })
  for (const value of managers ?? [])
    into.block.seed({ table, key: 'authority', fields: { value } })
}

describe('the scenarios of the reference', () => {
  const SIGNATURES = chainGovernance.functions.map(({ selectorText }) => selectorText)

  function run({ call: [name, ...values], origin }: GovernanceStep): Answer | Failure {
    if (name.startsWith('(setup)')) {
      const fields = { address: String(values[0]), enable_num: '0' }
      calls.block.seed({ table: SystemTableName.tableAccess, key: SystemTableName.tables, fields })
      return '-'
    }
    const signature = SIGNATURES.find((one) => one.startsWith(`${name}(`)) ?? name
    return calls.contract(chainGovernance, signature, values, { origin: origin.slice(2) })
  }

  function compare(step: GovernanceStep, answer: Answer | Failure): void {
    const rows = /json array of (\d)/.exec(String(step.return))?.[1]
    if (rows !== undefined) expect(JSON.parse(textOf(answer))).toHaveLength(Number(rows))
    else if (step.return === 'no votes') expect(answer).toBe('null\n')
    else expect([step.call, answer]).toEqual([step.call, step.return])
  }

  it.each(ruleVectors.governance)('$name', async ({ steps }) => {
    let position = 0
    // The reference's test runs everything in one block, until it jumps far ahead.
    const runBlock = (block: Calls, number: number) => {
      calls = block
      for (; steps[position]?.contextBlockNumber === number; position++) {
        const step = steps[position]
        if (step !== undefined) compare(step, run(step))
      }
    }
    await nextBlock((block) => runBlock(block, 0))
    while (position < steps.length && world.height < 10_001) await world.block(() => {})
    const rest = steps.slice(position)
    calls = new Calls(world.open(), world.suite)
    for (const step of rest) compare(step, run(step))
  })
})

describe('ChainGovernance', () => {
  const govern = (origin: string, signature: string, ...values: AbiValue[]) =>
    on(chainGovernance, origin, signature, ...values)
  const grantMember = (origin: string, user: string) =>
    govern(origin, 'grantCommitteeMember(address)', `0x${user}`)
  const revokeMember = (origin: string, user: string) =>
    govern(origin, 'revokeCommitteeMember(address)', `0x${user}`)

  it('tells its members and operators, and what they vote on', () => {
    expect(govern(A, 'listCommitteeMembers()')).toBe('[]\n')
    grantMember(A, A)
    grantMember(A, B)
    grantMember(A, C)
    revokeMember(A, B)
    govern(A, 'updateCommitteeMemberWeight(address,int256)', `0x${B}`, 3)
    govern(A, 'updateThreshold(int256)', 60)
    expect(govern(A, 'listCommitteeMembers()')).toBe(
      `[{"address":"0x${A}","enable_num":"1"},{"address":"0x${B}","enable_num":"1"}]\n`,
    )
    const vote = `"block_limit":"10000"`
    expect(govern(A, 'queryVotesOfMember(address)', `0x${C}`)).toBe(
      `{"grant":[{${vote},"voter":"0x${A}"}]}\n`,
    )
    expect(govern(A, 'queryVotesOfMember(address)', `0x${B}`)).toBe(
      `{"revoke":[{${vote},"voter":"0x${A}"}],"update_weight":[{${vote},"target":"3","voter":"0x${A}"}]}\n`,
    )
    expect(govern(A, 'queryVotesOfThreshold()')).toBe(`{"0.600000":[{${vote},"voter":"0x${A}"}]}\n`)
    expect(govern(A, 'queryVotesOfMember(address)', `0x${D}`)).toBe('null\n')
    expect(govern(A, 'queryThreshold()')).toBe(50)
  })

  it.each(ruleVectors.thresholds)(
    'reads $set per cent as $queryThreshold',
    ({ set, stored, queryThreshold }) => {
      grantMember(A, A)
      expect(govern(A, 'updateThreshold(int256)', set)).toBe(1)
      expect(govern(A, 'queryThreshold()')).toBe(queryThreshold)
      const rows = calls.block.tables.open('_sys_committee_votes_')?.select('auth_threshold') ?? []
      expect(rows.map((row) => row.get('value'))).toEqual([stored])
    },
  )

  it('writes its table for the first query already', () => {
    govern(A, 'queryThreshold()')
    expect(calls.block.tables.hashedTables().map(({ table }) => table)).toEqual([
      '_sys_committee_votes_',
      '_sys_tables_',
    ])
  })

  it('lets a voter change sides, and takes the votes of those who left as nothing', async () => {
    await nextBlock((block) => {
      calls = block
      grantMember(A, A)
      govern(A, 'updateThreshold(int256)', 0)
      grantMember(A, B)
      grantMember(A, C)
      govern(A, 'updateThreshold(int256)', 70)
    })
    expect(grantMember(A, D)).toBe(0)
    expect(grantMember(B, D)).toBe(0)
    // Two of three are not enough; A leaves, and of two one is not.
    govern(A, 'updateThreshold(int256)', 30)
    govern(B, 'updateThreshold(int256)', 30)
    govern(C, 'updateThreshold(int256)', 30)
    expect(govern(A, 'queryThreshold()')).toBe(30)
    expect(revokeMember(A, A)).toBe(1)
    expect(govern(B, 'updateThreshold(int256)', 60)).toBe(1)
    expect(grantMember(B, D)).toBe(0)
    expect(grantMember(C, D)).toBe(1)
  })

  it('counts weights', () => {
    grantMember(A, A)
    grantMember(A, B)
    expect(govern(A, 'updateCommitteeMemberWeight(address,int256)', `0x${A}`, 2)).toBe(0)
    expect(govern(B, 'updateCommitteeMemberWeight(address,int256)', `0x${A}`, 2)).toBe(1)
    expect(govern(A, 'queryCommitteeMemberWeight(address)', `0x${A}`)).toEqual([true, 2])
    expect(grantMember(B, C)).toBe(0)
    expect(grantMember(A, C)).toBe(1)
  })

  it.each([
    ['no weight', 0n],
    ['less than none', -4n],
  ])('refuses %s in words', (_what, weight) => {
    grantMember(A, A)
    expect(govern(A, 'updateCommitteeMemberWeight(address,int256)', `0x${A}`, weight)).toEqual({
      failed: `updateCommitteeMemberWeight failed for invalid weight "${weight}", the weight must be greater than 0`,
    })
  })

  it('cannot tell a weight beyond 32 bits', () => {
    grantMember(A, A)
    govern(A, 'updateCommitteeMemberWeight(address,int256)', `0x${A}`, 2n ** 31n)
    expect(govern(A, 'queryCommitteeMemberWeight(address)', `0x${A}`)).toEqual({
      failed: 'PrecompiledError',
    })
  })

  it('answers in this order', () => {
    expect(revokeMember(A, B)).toBe(ResultCode.memberMissing)
    expect(govern(A, 'updateThreshold(int256)', 100)).toBe(ResultCode.invalidThreshold)
    expect(govern(A, 'updateThreshold(int256)', -1)).toBe(ResultCode.invalidThreshold)
    expect(govern(A, 'updateThreshold(int256)', 50)).toBe(ResultCode.unchangedValue)
    expect(govern(A, 'updateThreshold(int256)', 40)).toBe(ResultCode.notMember)
    const weigh = (origin: string, user: string, weight: number) =>
      govern(origin, 'updateCommitteeMemberWeight(address,int256)', `0x${user}`, weight)
    expect(weigh(A, B, 2)).toBe(ResultCode.memberMissing)
    grantMember(A, A)
    expect(grantMember(B, A)).toBe(ResultCode.memberExists)
    expect(grantMember(B, B)).toBe(ResultCode.notMember)
    expect(revokeMember(B, A)).toBe(ResultCode.notMember)
    expect(weigh(B, A, 1)).toBe(ResultCode.unchangedValue)
    expect(weigh(B, A, 2)).toBe(ResultCode.notMember)
  })

  it('cannot count members that no vote has made', () => {
    const fields = { address: `0x${A}`, enable_num: '0' }
    calls.block.seed({
      table: SystemTableName.tableAccess,
      key: SystemTableName.tableAccess,
      fields,
    })
    expect(grantMember(A, B)).toEqual({ failed: 'Entries no exists: 0' })
  })

  it('lets the last member go, and starts again', async () => {
    await nextBlock((block) => {
      calls = block
      grantMember(A, A)
    })
    await nextBlock((block) => {
      calls = block
      expect(revokeMember(A, A)).toBe(1)
      expect(govern(A, 'listCommitteeMembers()')).toBe('[]\n')
      // In this block the list is still that of before.
      expect(grantMember(B, C)).toBe(ResultCode.noAuthorized)
    })
    expect(govern(B, 'listCommitteeMembers()')).toBe('[]\n')
    expect(grantMember(B, C)).toBe(1)
  })

  it('names operators, who are no members', async () => {
    await nextBlock((block) => {
      calls = block
      grantMember(A, A)
    })
    const operator = (origin: string, verb: string, user: string) =>
      govern(origin, `${verb}Operator(address)`, `0x${user}`)
    expect(operator(B, 'grant', C)).toBe(ResultCode.notMember)
    expect(operator(A, 'grant', A)).toBe(ResultCode.memberAsOperator)
    expect(operator(A, 'grant', C)).toBe(1)
    expect(operator(A, 'grant', C)).toBe(ResultCode.operatorExists)
    expect(grantMember(A, C)).toBe(ResultCode.operatorAsMember)
    expect(govern(A, 'listOperators()')).toBe(`[{"address":"0x${C}","enable_num":"2"}]\n`)
    expect(operator(B, 'revoke', C)).toBe(ResultCode.notMember)
    expect(operator(A, 'revoke', C)).toBe(1)
    expect(operator(A, 'revoke', C)).toBe(ResultCode.operatorMissing)
    expect(govern(A, 'listOperators()')).toBe('[]\n')
  })

  it('completes half an operator, who is not listed before', async () => {
    await nextBlock((block) => {
      calls = block
      grantMember(A, A)
    })
    const fields = { address: `0x${C}`, enable_num: '1' }
    calls.block.seed({ table: SystemTableName.tableAccess, key: SystemTableName.tables, fields })
    expect(govern(A, 'listOperators()')).toBe('[]\n')
    expect(grantMember(A, C)).toBe(ResultCode.operatorAsMember)
    expect(govern(A, 'grantOperator(address)', `0x${C}`)).toBe(1)
    expect(govern(A, 'listOperators()')).toContain(C)
  })

  it('does not let a member act on the list before its membership is in force', async () => {
    await nextBlock((block) => {
      calls = block
      grantMember(A, A)
    })
    expect(grantMember(A, B)).toBe(1)
    expect(govern(B, 'grantOperator(address)', `0x${C}`)).toEqual({
      failed: `Permission denied. 0x${B} can't grantOperator operator 0x${C}`,
    })
    // B's vote decides already, but what goes with a membership is refused without a word.
    expect(grantMember(A, D)).toBe(0)
    expect(grantMember(B, D)).toBe(1)
    const access = calls.block.tables.open(SystemTableName.tableAccess)
    expect(access?.select(SystemTableName.config)).toHaveLength(2)
    expect(access?.select(SystemTableName.tableAccess)).toHaveLength(3)
    expect(govern(B, 'revokeOperator(address)', `0x${C}`)).toBe(ResultCode.operatorMissing)
  })

  it('freezes accounts, but neither contracts nor members', async () => {
    await nextBlock((block) => {
      calls = block
      grantMember(A, A)
      for (const address of [A, B]) seedAccount(block, address)
      seedAccount(block, CONTRACT, [A])
    })
    const freeze = (origin: string, verb: string, address: string) =>
      govern(origin, `${verb}Account(address)`, `0x${address}`)
    const status = (address: string) => govern(D, 'getAccountStatus(address)', `0x${address}`)
    for (const verb of ['freeze', 'unfreeze']) {
      expect(freeze(B, verb, NOBODY)).toBe(ResultCode.accountMissing)
      expect(freeze(B, verb, CONTRACT)).toBe(ResultCode.notAccount)
      expect(freeze(B, verb, B)).toBe(ResultCode.noAuthorized)
    }
    expect(freeze(A, 'freeze', A)).toBe(ResultCode.noAuthorized)
    expect(freeze(A, 'unfreeze', B)).toBe(ResultCode.accountAvailable)
    expect(status(B)).toBe('The account is available.')
    expect(freeze(A, 'freeze', B)).toBe(1)
    expect(freeze(A, 'freeze', B)).toBe(ResultCode.accountFrozen)
    expect(status(B)).toBe(
      'The account has been frozen. You can use this account after unfreezing it.',
    )
    expect(freeze(A, 'unfreeze', B)).toBe(1)
    expect(status(B)).toBe('The account is available.')
    expect(status(NOBODY)).toBe('The address is nonexistent.')
    expect(status(CONTRACT)).toBe('This is not a account address.')
  })

  it('answers an unknown function with nothing', () => {
    expect(govern(A, 'nonsense()')).toBe(undefined)
  })
})

describe('ContractLifeCycle', () => {
  const cycle = (origin: string, signature: string, ...addresses: readonly string[]) =>
    on(contractLifeCycle, origin, signature, ...addresses.map((address) => `0x${address}`))

  beforeEach(() => {
    seedAccount(calls, CONTRACT, [A])
    seedAccount(calls, B)
  })

  it('freezes and unfreezes', () => {
    const status = () => cycle(D, 'getStatus(address)', CONTRACT)
    expect(status()).toEqual([0, 'The contract is available.'])
    expect(cycle(A, 'unfreeze(address)', CONTRACT)).toBe(ResultCode.contractAvailable)
    expect(cycle(A, 'freeze(address)', CONTRACT)).toBe(1)
    expect(cycle(A, 'freeze(address)', CONTRACT)).toBe(ResultCode.contractFrozen)
    expect(status()).toEqual([
      0,
      'The contract has been frozen. You can invoke this contract after unfreezing it.',
    ])
    expect(cycle(A, 'unfreeze(address)', CONTRACT)).toBe(1)
    expect(cycle(A, 'unfreeze(address)', CONTRACT)).toBe(ResultCode.contractAvailable)
    expect(cycle(A, 'freeze(address)', CONTRACT)).toBe(1)
  })

  it.each([
    ['freeze(address)', []],
    ['unfreeze(address)', []],
    ['grantManager(address,address)', [C]],
    ['revokeManager(address,address)', [C]],
  ])('%s asks for a contract, then for the right', (signature, more) => {
    expect(cycle(D, signature, NOBODY, ...more)).toBe(ResultCode.contractTableMissing)
    expect(cycle(D, signature, B, ...more)).toBe(ResultCode.notContract)
    expect(cycle(D, signature, CONTRACT, ...more)).toBe(ResultCode.notManager)
  })

  it('knows its managers', () => {
    const list = () => cycle(D, 'listManager(address)', CONTRACT)
    expect(cycle(A, 'revokeManager(address,address)', CONTRACT, C)).toBe(ResultCode.lastManager)
    expect(cycle(A, 'grantManager(address,address)', CONTRACT, B)).toBe(1)
    expect(cycle(A, 'grantManager(address,address)', CONTRACT, B)).toBe(ResultCode.managerExists)
    expect(list()).toEqual([0, [`0x${A}`, `0x${B}`]])
    expect(cycle(B, 'revokeManager(address,address)', CONTRACT, C)).toBe(ResultCode.managerMissing)
    expect(cycle(B, 'revokeManager(address,address)', CONTRACT, A)).toBe(1)
    expect(list()).toEqual([0, [`0x${B}`]])
    expect(cycle(A, 'freeze(address)', CONTRACT)).toBe(ResultCode.notManager)
  })

  it('obeys the committee too, from the block in which somebody joins', () => {
    on(chainGovernance, D, 'grantCommitteeMember(address)', `0x${D}`)
    expect(cycle(D, 'freeze(address)', CONTRACT)).toBe(1)
  })

  it('says what it does not know', () => {
    expect(cycle(D, 'getStatus(address)', NOBODY)).toEqual([0, 'The address is nonexistent.'])
    expect(cycle(D, 'getStatus(address)', B)).toEqual([0, 'This is not a contract address.'])
    expect(cycle(D, 'listManager(address)', NOBODY)).toEqual([ResultCode.contractTableMissing, []])
    expect(cycle(D, 'listManager(address)', B)).toEqual([ResultCode.notContract, []])
    expect(cycle(D, 'nonsense()')).toBe(undefined)
  })

  it('refuses the call for an account of which nothing is left', () => {
    const name = accountTable(NOBODY)
    calls.block.tables.create({ name, keyField: 'key', valueFields: 'value' }, undefined)
    expect(cycle(D, 'getStatus(address)', NOBODY)).toEqual({ failed: 'Entries no exists: 0' })
  })
})

describe('GasChargeManage', () => {
  const gas = (origin: string, signature: string, ...values: AbiValue[]) =>
    on(gasChargeManage, origin, signature, ...values)

  beforeEach(async () => {
    await nextBlock((block) => {
      calls = block
      on(chainGovernance, A, 'grantCommitteeMember(address)', `0x${A}`)
      seedAccount(block, C)
      seedAccount(block, CONTRACT, [A])
    })
    await nextBlock((block) => {
      calls = block
      gas(A, 'grantCharger(address)', `0x${B}`)
    })
  })

  const charge = (origin: string, address: string, amount: bigint) =>
    gas(origin, 'charge(address,uint256)', `0x${address}`, amount)
  const deduct = (origin: string, address: string, amount: bigint) =>
    gas(origin, 'deduct(address,uint256)', `0x${address}`, amount)

  it('gives and takes', () => {
    expect(charge(B, C, 100n)).toEqual([0, 100])
    expect(charge(B, C, 5n)).toEqual([0, 105])
    expect(deduct(B, C, 106n)).toEqual([ResultCode.notEnoughGas, 0])
    expect(deduct(B, C, 105n)).toEqual([0, 0])
    expect(gas(D, 'queryRemainGas(address)', `0x${C}`)).toEqual([0, 0])
    expect(charge(B, C, 2n ** 256n - 1n)).toEqual([0, 2n ** 256n - 1n])
    expect(charge(B, C, 1n)).toEqual([ResultCode.gasOverflow, 0])
  })

  it('makes the account of whom it gives to', () => {
    expect(charge(B, NOBODY, 7n)).toEqual([0, 7])
    const table = calls.block.tables.open(accountTable(NOBODY))
    const keys = ['balance', 'codeHash', 'code', 'nonce', 'alive', 'remain_gas']
    const values = keys.map((key) => table?.select(key).map((row) => row.get('value')))
    const emptyHash = bytesToText(world.suite.hash(EMPTY_BYTES))
    expect(values).toEqual([['0'], [emptyHash], [''], ['0'], ['true'], ['7']])
    expect(on(chainGovernance, D, 'getAccountStatus(address)', `0x${NOBODY}`)).toBe(
      'The account is available.',
    )
  })

  it('answers in this order', () => {
    for (const change of [charge, deduct]) {
      expect(change(D, CONTRACT, 0n)).toEqual([ResultCode.zeroGas, 0])
      expect(change(D, CONTRACT, 1n)).toEqual([ResultCode.notAccount, 0])
      expect(change(D, C, 1n)).toEqual([ResultCode.notCharger, 0])
    }
    on(chainGovernance, A, 'freezeAccount(address)', `0x${C}`)
    expect(charge(D, C, 1n)).toEqual([ResultCode.accountFrozen, 0])
    expect(gas(D, 'queryRemainGas(address)', `0x${C}`)).toEqual([ResultCode.accountFrozen, 0])
    expect(gas(D, 'queryRemainGas(address)', `0x${CONTRACT}`)).toEqual([ResultCode.notAccount, 0])
    expect(gas(D, 'queryRemainGas(address)', `0x${D}`)).toEqual([ResultCode.accountMissing, 0])
    expect(gas(D, 'grantCharger(address)', `0x${C}`)).toBe(ResultCode.accountFrozen)
    expect(gas(D, 'grantCharger(address)', `0x${CONTRACT}`)).toBe(ResultCode.notAccount)
    expect(gas(D, 'grantCharger(address)', `0x${D}`)).toBe(ResultCode.grantChargerDenied)
    expect(gas(A, 'grantCharger(address)', `0x${B}`)).toBe(ResultCode.chargerExists)
    expect(gas(D, 'revokeCharger(address)', `0x${B}`)).toBe(ResultCode.revokeChargerDenied)
    expect(gas(A, 'revokeCharger(address)', `0x${D}`)).toBe(ResultCode.chargerMissing)
    expect(gas(A, 'nonsense()')).toBe(ResultCode.undefinedGasFunction)
  })

  it('sees chargers as they were before the block: the last change of a block wins', async () => {
    await nextBlock((block) => {
      calls = block
      expect(gas(A, 'grantCharger(address)', `0x${D}`)).toBe(0)
      expect(gas(A, 'listChargers()')).toEqual([`0x${B}`])
      expect(charge(D, C, 1n)).toEqual([ResultCode.notCharger, 0])
      expect(gas(A, 'grantCharger(address)', `0x${A}`)).toBe(0)
    })
    const rows = calls.block.tables.open(SystemTableName.config)?.select('charger_list') ?? []
    expect(rows.map((row) => row.get('value'))).toEqual([`${A},${B},`])
    expect(gas(A, 'revokeCharger(address)', `0x${A}`)).toBe(0)
    expect(charge(A, C, 1n)).toEqual([0, 1])
  })
})

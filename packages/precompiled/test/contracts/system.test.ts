import { accountTable, SystemTableName, ZERO_ADDRESS } from '@bcos-ts/protocol'
import type { AbiValue } from '@bcos-ts/protocol/abi'
import { beforeEach, describe, expect, it } from 'vitest'
import { cns } from '../../src/contracts/cns.ts'
import { consensus } from '../../src/contracts/consensus.ts'
import { permission } from '../../src/contracts/permission.ts'
import { systemConfig } from '../../src/contracts/system-config.ts'
import { type NativeContract, ResultCode } from '../../src/index.ts'
import { ALICE, BOB, Calls } from '../calls.ts'
import { World } from '../world.ts'

const CAROL = 'ca'.repeat(20)
const CONTRACT = 'c0'.repeat(20)
const { noAuthorized } = ResultCode

let world: World
let calls: Calls

beforeEach(async () => {
  world = await new World().start()
  calls = new Calls(world.open(), world.suite)
})

/** In force from the next block that is opened. */
async function grant(table: string, address = BOB): Promise<void> {
  await world.block((block) => {
    const fields = { address: `0x${address}`, enable_num: '0' }
    block.seed({ table: SystemTableName.tableAccess, key: table, fields })
  })
  calls = new Calls(world.open(), world.suite)
}

/** An account or contract with these managers. */
async function account(address: string, managers: readonly string[] = []): Promise<void> {
  await world.block((block) => {
    const definition = { name: accountTable(address), keyField: 'key', valueFields: 'value' }
    block.tables.create(definition, undefined)
    for (const value of managers) {
      block.seed({ table: definition.name, key: 'authority', fields: { value } })
    }
  })
  calls = new Calls(world.open(), world.suite)
}

const asBob = { origin: BOB }

describe('SystemConfig', () => {
  const set = (key: string, value: string, options = {}) =>
    calls.contract(systemConfig, 'setValueByKey(string,string)', [key, value], options)

  it.each([
    [
      'tx_count_limit',
      ['1', '+1000', '0001000', '9223372036854775807'],
      ['0', '-1', '', '1.0', '0x1', ' 1', '9223372036854775808'],
    ],
    ['tx_gas_limit', ['100000'], ['99999', 'x']],
    ['rpbft_epoch_sealer_num', ['1'], ['0']],
    ['rpbft_epoch_block_num', ['2'], ['1']],
    ['consensus_timeout', ['3', '4294966'], ['2', '4294967']],
    ['enable_charge_mgr', ['on', 'off'], ['On', '1', '']],
    ['notify_rotate', [], ['0']],
    ['charger_list', [], ['1']],
    ['nonsense', [], ['1']],
    ['toString', [], ['1']],
    ['', [], ['1']],
  ])('%s takes %j and refuses %j', (key, good, bad) => {
    for (const value of good) expect([value, set(key, value)]).toEqual([value, 1])
    for (const value of bad) {
      expect([value, set(key, value)]).toEqual([value, ResultCode.invalidConfigValue])
    }
  })

  it('keeps one row for each key, with the text as given and the block that wrote it', () => {
    expect(set('TX_Count_Limit', '+5')).toBe(1)
    expect(set('tx_count_limit', '007')).toBe(1)
    const rows = calls.block.tables.open(SystemTableName.config)?.select('tx_count_limit') ?? []
    expect(rows.map((row) => row.fields())).toEqual([
      [
        ['enable_num', '1'],
        ['key', 'tx_count_limit'],
        ['value', '007'],
      ],
    ])
  })

  it('is for those on the list, where there is one', async () => {
    await grant(SystemTableName.config)
    expect(set('tx_count_limit', '5')).toBe(noAuthorized)
    expect(set('tx_count_limit', '5', asBob)).toBe(1)
    expect(set('tx_count_limit', '6')).toBe(noAuthorized)
  })

  it('answers an unknown function with 0', () => {
    expect(calls.contract(systemConfig, 'nonsense()')).toBe(0)
  })
})

describe('Consensus', () => {
  const run = (name: string, id: string, options = {}) =>
    calls.contract(consensus, `${name}(string)`, [id], options)
  const A = 'aa'.repeat(64)
  const B = 'bb'.repeat(64)
  const C = 'cc'.repeat(64)

  function types(): readonly (readonly [id: string | undefined, type: string | undefined])[] {
    const rows = calls.block.tables.open(SystemTableName.consensus)?.select('node') ?? []
    return rows.map((row) => [row.get('node_id')?.slice(0, 2), row.get('type')] as const)
  }

  it('adds, changes and removes nodes', () => {
    expect(run('addSealer', A.toUpperCase())).toBe(1)
    expect(run('addSealer', A)).toBe(1)
    expect(run('addSealer', B)).toBe(1)
    expect(run('addObserver', C)).toBe(1)
    expect(types()).toEqual([
      ['aa', 'sealer'],
      ['bb', 'sealer'],
      ['cc', 'observer'],
    ])
    expect(run('addObserver', B)).toBe(1)
    expect(run('addSealer', C)).toBe(1)
    expect(types()).toEqual([
      ['aa', 'sealer'],
      ['bb', 'observer'],
      ['cc', 'sealer'],
    ])
    expect(run('remove', B)).toBe(1)
    expect(run('remove', B)).toBe(0)
    expect(types()).toEqual([
      ['aa', 'sealer'],
      ['cc', 'sealer'],
    ])
  })

  it('keeps the last sealer', () => {
    run('addSealer', A)
    run('addObserver', B)
    expect(run('remove', A)).toBe(ResultCode.lastSealer)
    expect(run('addObserver', A)).toBe(ResultCode.lastSealer)
    expect(run('remove', B)).toBe(1)
  })

  it('keeps the last working sealer, and lets the last plain one go', () => {
    run('addSealer', A)
    run('addSealer', B)
    const working = calls.block.tables.newEntry()
    working.set('type', 'wSealer')
    const condition = calls.block.tables.newCondition()
    condition.eq('node_id', B)
    calls.block.tables
      .open(SystemTableName.consensus)
      ?.update('node', working, { condition, writer: undefined })
    expect(run('remove', B)).toBe(ResultCode.lastSealer)
    expect(run('addObserver', B)).toBe(ResultCode.lastSealer)
    expect(run('addObserver', A)).toBe(1)
    // Asked to be a plain sealer, it becomes one.
    expect(run('addSealer', B)).toBe(1)
    expect(types()).toEqual([
      ['aa', 'observer'],
      ['bb', 'sealer'],
    ])
  })

  it('takes any 128 characters for a node, and nothing shorter or longer', () => {
    for (const name of ['addSealer', 'addObserver', 'remove']) {
      expect(run(name, 'a'.repeat(127))).toBe(ResultCode.invalidNodeId)
      expect(run(name, 'a'.repeat(129))).toBe(ResultCode.invalidNodeId)
      expect(run(name, '')).toBe(ResultCode.invalidNodeId)
    }
    expect(run('addSealer', 'z'.repeat(128))).toBe(1)
  })

  it('is for those on the list, where there is one', async () => {
    await grant(SystemTableName.consensus)
    expect(run('addSealer', A)).toBe(noAuthorized)
    expect(run('addObserver', A)).toBe(noAuthorized)
    expect(run('remove', A)).toBe(noAuthorized)
    expect(run('addObserver', A, asBob)).toBe(1)
    expect(run('addSealer', A)).toBe(noAuthorized)
  })

  it('answers an unknown function with 0', () => {
    expect(calls.contract(consensus, 'nonsense()')).toBe(0)
  })
})

describe('CNS', () => {
  const insert = (values: readonly string[], options = {}) =>
    calls.contract(cns, 'insert(string,string,string,string)', values, options)
  const ADDRESS = `0x${CONTRACT}`

  it('keeps contracts by name and version', () => {
    expect(insert(['c', '1', ADDRESS, '[]'])).toBe(1)
    expect(insert(['c', '2', CONTRACT.toUpperCase(), '"'])).toBe(1)
    expect(calls.contract(cns, 'selectByName(string)', ['c'])).toBe(
      `[{"abi":"[]","address":"${ADDRESS}","name":"c","version":"1"},` +
        `{"abi":"\\"","address":"${CONTRACT.toUpperCase()}","name":"c","version":"2"}]\n`,
    )
    expect(calls.contract(cns, 'selectByNameAndVersion(string,string)', ['c', '1'])).toBe(
      `[{"abi":"[]","address":"${ADDRESS}","name":"c","version":"1"}]\n`,
    )
    expect(calls.contract(cns, 'selectByName(string)', ['d'])).toBe('[]\n')
    expect(calls.contract(cns, 'selectByNameAndVersion(string,string)', ['c', '3'])).toBe('[]\n')
    expect(calls.contract(cns, 'getContractAddress(string,string)', ['c', '2'])).toBe(ADDRESS)
  })

  it('answers for what it does not have', () => {
    const get = (name: string, version: string) =>
      calls.contract(cns, 'getContractAddress(string,string)', [name, version])
    expect(get('c', '1')).toEqual({ failed: 'Entries no exists: 0' })
    insert(['c', 'short', '0x1', ''])
    expect(get('c', 'short')).toBe(`0x${ZERO_ADDRESS}`)
    expect(calls.contract(cns, 'nonsense()')).toBe(undefined)
  })

  it.each([
    ['a version of 129 bytes', ['c', 'v'.repeat(129), ADDRESS, ''], ResultCode.versionOverflow],
    ['a version that exists', ['c', '1', ADDRESS, ''], ResultCode.nameAndVersionExist],
    ['what is no address', ['c', '2', 'nobody', ''], ResultCode.invalidAddress],
    [
      'a name of 129 bytes',
      ['n'.repeat(129), '1', ADDRESS, ''],
      { failed: 'size of value/key greater than128' },
    ],
    [
      'a long name before a long version',
      ['n'.repeat(129), 'v'.repeat(129), ADDRESS, ''],
      { failed: 'size of value/key greater than128' },
    ],
    [
      'a long name only with an address',
      ['n'.repeat(129), '1', 'nobody', ''],
      ResultCode.invalidAddress,
    ],
    [
      'a long version before a bad address',
      ['c', 'v'.repeat(129), 'nobody', ''],
      ResultCode.versionOverflow,
    ],
    [
      'an existing version before a bad address',
      ['c', '1', 'nobody', ''],
      ResultCode.nameAndVersionExist,
    ],
    [
      'an ABI that is too long',
      ['c', '2', ADDRESS, 'a'.repeat(16_777_216)],
      { failed: 'size of value/key greater than16777215' },
    ],
    ['a name and a version of 128 bytes', ['n'.repeat(128), 'v'.repeat(128), ADDRESS, ''], 1],
    ['an empty name, version and address', ['', '', '', ''], 1],
  ] as const)('answers %s', (_what, values, answer) => {
    insert(['c', '1', ADDRESS, ''])
    expect(insert(values)).toEqual(answer)
  })

  it('is for those on the list, where there is one', async () => {
    await grant(SystemTableName.cns)
    expect(insert(['c', '1', ADDRESS, ''])).toBe(noAuthorized)
    expect(insert(['c', '1', ADDRESS, ''], asBob)).toBe(1)
  })

  it('charges for the number of fields where the reference does', () => {
    const input = calls.input('insert(string,string,string,string)', ['c', '1', ADDRESS, ''])
    const gas = 200 + 10_000 + 3 * Math.ceil(input.length / 32)
    const outcome = calls.raw('0'.repeat(36) + '1004', input)
    expect(outcome).toMatchObject({ gas })
  })
})

describe('Permission', () => {
  const run = (signature: string, values: readonly AbiValue[], options = {}) =>
    calls.contract(permission, signature, values, options)
  const insert = (table: string, address: string, options = {}) =>
    run('insert(string,string)', [table, address], options)
  const remove = (table: string, address: string, options = {}) =>
    run('remove(string,string)', [table, address], options)

  it('grants, lists and revokes', () => {
    expect(insert('t', `0X${BOB}`.toUpperCase().replace('0X', '0x'))).toBe(1)
    expect(insert('t', `0x${BOB}`)).toBe(ResultCode.grantExists)
    expect(insert('t', BOB)).toBe(1)
    expect(run('queryByName(string)', ['t'])).toBe(
      `[{"address":"0x${BOB}","enable_num":"1","table_name":"u_t"},` +
        `{"address":"${BOB}","enable_num":"1","table_name":"u_t"}]\n`,
    )
    expect(remove('t', BOB.toUpperCase())).toBe(1)
    expect(remove('t', BOB)).toBe(ResultCode.grantMissing)
    expect(run('queryByName(string)', ['none'])).toBe('[]\n')
  })

  it.each([
    ['the list of lists', [SystemTableName.tableAccess, 'nonsense'], ResultCode.committeeGoverned],
    ['no address', ['t', 'nonsense'], ResultCode.invalidAddress],
    ['digits of another length', ['t', '0x12'], 1],
    ['a name of 62 bytes', ['n'.repeat(62), BOB], 1],
    ['a name of 63 bytes', ['n'.repeat(63), 'nonsense'], ResultCode.tableNameOverflow],
  ] as const)('answers %s', (_what, [table, address], answer) => {
    expect(insert(table, address)).toBe(answer)
  })

  it('grants system tables under their own names, and nothing else outside user tables', () => {
    for (const table of [
      SystemTableName.tables,
      SystemTableName.cns,
      SystemTableName.config,
      SystemTableName.consensus,
    ]) {
      expect(insert(table, BOB)).toBe(1)
      expect(calls.block.tables.open(SystemTableName.tableAccess)?.select(table)).toHaveLength(1)
    }
    insert('_sys_current_state_', BOB)
    const access = calls.block.tables.open(SystemTableName.tableAccess)
    expect(access?.select('u__sys_current_state_')).toHaveLength(1)
  })

  it('leaves the committee alone', async () => {
    await grant(SystemTableName.tableAccess)
    const options = asBob
    expect(insert(SystemTableName.tables, `0x${BOB}`, options)).toBe(ResultCode.memberAsOperator)
    expect(insert(SystemTableName.cns, `0x${BOB}`, options)).toBe(ResultCode.memberAsOperator)
    expect(insert(SystemTableName.tables, `0x${ALICE}`, options)).toBe(1)
    expect(remove(SystemTableName.consensus, `0x${BOB}`, options)).toBe(noAuthorized)
    expect(remove(SystemTableName.config, `0x${BOB}`, options)).toBe(noAuthorized)
    expect(remove(SystemTableName.tableAccess, `0x${BOB}`, options)).toBe(
      ResultCode.committeeGoverned,
    )
    expect(remove('t', `0x${BOB}`, options)).toBe(ResultCode.grantMissing)
  })

  it('is for those on the list of lists, where there is one', async () => {
    await grant('u_t')
    await grant(SystemTableName.tableAccess)
    expect(insert('x', ALICE)).toBe(noAuthorized)
    expect(remove('t', `0x${BOB}`)).toBe(noAuthorized)
    expect(remove('t', `0x${BOB}`, asBob)).toBe(1)
  })

  describe('of contracts', () => {
    const write = [`0x${CONTRACT}`, `0x${CAROL}`]

    it('is given and taken by managers, whoever may grant otherwise', async () => {
      await grant(SystemTableName.tableAccess)
      await account(CONTRACT, [ALICE])
      expect(run('grantWrite(address,address)', write, asBob)).toBe(noAuthorized)
      expect(run('grantWrite(address,address)', write)).toBe(1)
      expect(run('grantWrite(address,address)', write)).toBe(ResultCode.grantExists)
      expect(run('queryPermission(address)', [`0x${CONTRACT}`])).toBe(
        `[{"address":"0x${CAROL}","enable_num":"3","table_name":"c_${CONTRACT}"}]\n`,
      )
      expect(run('revokeWrite(address,address)', write, asBob)).toBe(noAuthorized)
      expect(run('revokeWrite(address,address)', write)).toBe(1)
      expect(run('revokeWrite(address,address)', write)).toBe(ResultCode.grantMissing)
    })

    it('needs a contract', () => {
      expect(run('grantWrite(address,address)', write)).toBe(ResultCode.contractMissing)
    })
  })

  it('answers an unknown function with nothing', () => {
    expect(run('nonsense()', [])).toBe(undefined)
  })
})

describe('lists', () => {
  it.each([
    [systemConfig, 'setValueByKey(string,string)', ['tx_count_limit', '5']],
    [consensus, 'addSealer(string)', ['aa'.repeat(64)]],
    [cns, 'insert(string,string,string,string)', ['c', '1', '', '']],
    [permission, 'insert(string,string)', ['t', BOB]],
  ] satisfies readonly (readonly [NativeContract, string, readonly string[]])[])(
    'of $0.name take calls from contracts in between for those of the origin',
    async (contract, signature, values) => {
      for (const table of Object.values(SystemTableName)) await grant(table)
      const answer = calls.contract(contract, signature, values, { origin: ALICE, sender: BOB })
      expect(answer).toBe(noAuthorized)
    },
  )
})

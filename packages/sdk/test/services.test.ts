import { fromHex, toHex, utf8 } from '@bcos-ts/common'
import type { SuiteName } from '@bcos-ts/crypto'
import { ResultCode } from '@bcos-ts/protocol'
import { describe, expect, it } from 'vitest'
import {
  type Account,
  type Client,
  Cns,
  Consensus,
  Contract,
  ContractLifeCycle,
  CryptoService,
  DagTransfer,
  GasCharge,
  generateAccount,
  Governance,
  HelloWorld,
  KvTables,
  NativeAddress,
  ParallelConfig,
  Permission,
  SystemConfig,
  Tables,
} from '../src/index.ts'
import { NOTES_ABI, notesCode, setup } from './support.ts'
import { SEALER, suiteOf } from './test-chain.ts'

const SUITES: readonly SuiteName[] = ['standard', 'guomi']

const ok = { code: 1, message: 'success' }
const refused = (code: number, words: RegExp) => ({
  code,
  message: expect.stringMatching(words) as unknown,
})

describe.each(SUITES)('services of a %s chain', (suiteName) => {
  const suite = suiteOf(suiteName)

  async function user(): Promise<{ client: Client; account: Account; other: Account }> {
    const { client } = await setup('channel', { suite: suiteName })
    return { client, account: generateAccount(suite), other: generateAccount(suite) }
  }

  const deploy = async ({ client, account }: { client: Client; account: Account }) =>
    Contract.deploy({ client, account, abi: NOTES_ABI }, notesCode(suiteName))

  it('set parameters', async () => {
    const service = new SystemConfig(await user())
    expect(await service.setValueByKey('tx_count_limit', '2000')).toMatchObject(ok)
    expect(await service.getValueByKey('tx_count_limit')).toBe('2000')
    expect(await service.setValueByKey('tx_count_limit', 'many')).toMatchObject(
      refused(ResultCode.invalidConfigValue, /out of its range/),
    )
  })

  it('change who takes part, after a look at whether it makes sense', async () => {
    const service = new Consensus(await user())
    const stranger = 'ee'.repeat(64)
    const outcome = (code: number) => ({ code, receipt: undefined })
    expect(await service.addSealer('abc')).toMatchObject(outcome(-51_100))
    expect(await service.addSealer(stranger)).toMatchObject(outcome(-51_102))
    expect(await service.addObserver(stranger)).toMatchObject(outcome(-51_102))
    expect(await service.removeNode(stranger)).toMatchObject(outcome(-51_103))
    expect(await service.addSealer(SEALER.toUpperCase())).toMatchObject(outcome(-51_104))
    expect(await service.removeNode(SEALER)).toMatchObject(refused(-51_101, /last sealer/))
    expect(await service.addObserver(SEALER)).toMatchObject(refused(-51_101, /last sealer/))
  })

  it('name contracts', async () => {
    const service = new Cns(await user())
    const entry = {
      name: 'notes',
      version: '1.0',
      address: `0x${'12'.repeat(20)}`,
      abi: '[{"a":1}]',
    }
    expect(await service.registerCns(entry)).toMatchObject(ok)
    expect(await service.registerCns(entry)).toMatchObject(refused(-51_200, /has this version/))
    expect(await service.registerCns({ ...entry, version: '1.1' })).toMatchObject(ok)
    expect(await service.selectByName('notes')).toEqual([entry, { ...entry, version: '1.1' }])
    expect(await service.selectByName('nothing')).toEqual([])
    expect(await service.selectByNameAndVersion('notes', '1.0')).toEqual([entry])
    expect(await service.getContractAddress('notes', '1.0')).toBe(entry.address)
    await expect(service.getContractAddress('notes', '9')).rejects.toMatchObject({
      code: 'SDK_CALL_FAILED',
    })
  })

  it('give and take permissions', async () => {
    const { client, account, other } = await user()
    const service = new Permission({ client, account })
    const kinds = ['deployAndCreate', 'node', 'cns', 'systemConfig'] as const
    for (const kind of kinds) {
      expect(await service.list(kind)).toEqual([])
      expect(await service.grant(kind, account.address)).toMatchObject(ok)
      expect(await service.grant(kind, account.address)).toMatchObject(refused(-51_000, /already/))
      expect(await service.list(kind)).toMatchObject([{ address: `0x${account.address}` }])
    }
    const stranger = new SystemConfig({ client, account: other })
    expect(await stranger.setValueByKey('tx_count_limit', '5')).toMatchObject(
      refused(-50_000, /no permission/),
    )
    await expect(client.send(other, { data: notesCode(suiteName) })).rejects.toMatchObject({
      details: { status: 25 },
    })
    for (const kind of kinds) {
      expect(await service.revoke(kind, account.address)).toMatchObject(ok)
      expect(await service.revoke(kind, account.address)).toMatchObject(
        refused(-51_001, /not have/),
      )
    }
    expect(await service.grantPermissionManager(other.address)).toMatchObject(
      refused(-51_004, /committee/),
    )
    const tables = new Tables(client, account)
    await tables.create('t_mine', 'k', ['v'])
    expect(await service.grantUserTable('t_mine', account.address)).toMatchObject(ok)
    expect(await service.listUserTable('t_mine')).toMatchObject([{ tableName: 'u_t_mine' }])
    expect(await new Tables(client, other).insert('t_mine', 'a', { v: '1' })).toMatchObject(
      refused(-50_000, /no permission/),
    )
    expect(await service.revokeUserTable('t_mine', account.address)).toMatchObject(ok)
    const { address } = await deploy({ client, account })
    expect(await service.grantContractWrite(address, other.address)).toMatchObject(ok)
    expect(await service.listContractWrite(address)).toMatchObject([
      { address: `0x${other.address}` },
    ])
    expect(await service.revokeContractWrite(address, other.address)).toMatchObject(ok)
    expect(await service.grantContractWrite(SEALER.slice(0, 40), other.address)).toMatchObject(
      refused(-51_003, /no contract/),
    )
  })

  it('keep rows', async () => {
    const { client, account } = await user()
    const tables = new Tables(client, account)
    expect(await tables.create('t_fruit', 'name', ['item', 'price'])).toMatchObject({ code: 0 })
    expect(await tables.create('t_fruit', 'name', ['item'])).toMatchObject(
      refused(-50_001, /exists/),
    )
    expect(await tables.desc('t_fruit')).toEqual({
      keyField: 'name',
      valueFields: ['item', 'price'],
    })
    expect(await tables.desc('t_none')).toBeUndefined()
    for (const price of ['3', '7', '9']) {
      expect(await tables.insert('t_fruit', 'apple', { item: `i${price}`, price })).toMatchObject(
        ok,
      )
    }
    const row = (price: string) => ({ name: 'apple', item: `i${price}`, price })
    expect(await tables.select('t_fruit', 'apple', { price: { gt: '3' } })).toEqual([
      row('7'),
      row('9'),
    ])
    expect(await tables.select('t_fruit', 'apple', {}, { offset: 1, count: 1 })).toEqual([row('7')])
    expect(
      await tables.update('t_fruit', 'apple', { price: '8' }, { price: { ge: '7' } }),
    ).toMatchObject({ code: 2 })
    expect(await tables.remove('t_fruit', 'apple', { price: { eq: '8' } })).toMatchObject({
      code: 2,
    })
    expect(await tables.select('t_fruit', 'apple')).toEqual([row('3')])
    expect(await tables.insert('t_none', 'a', {})).toMatchObject(refused(-50_100, /no table/))
    await expect(tables.select('t_none', 'a')).rejects.toMatchObject({
      code: 'SDK_TABLE_ERROR',
      details: { nativeCode: -50_100 },
    })
    await expect(tables.create('t bad', 'k', ['v'])).rejects.toMatchObject({
      code: 'SDK_TRANSACTION_FAILED',
      message: expect.stringMatching(/Invalid table name "t bad"/) as unknown,
    })
  })

  it('keep one row a key', async () => {
    const { client, account } = await user()
    const tables = new KvTables(client, account)
    expect(await tables.exists('t_kv')).toBe(false)
    expect(await tables.create('t_kv', 'id', ['v'])).toMatchObject({ code: 0 })
    expect(await tables.create('t_kv', 'id', ['v'])).toMatchObject(refused(-50_001, /exists/))
    expect(await tables.exists('t_kv')).toBe(true)
    expect(await tables.get('t_kv', 'a')).toBeUndefined()
    for (const v of ['1', '2']) {
      expect(await tables.set('t_kv', 'a', { v })).toMatchObject(ok)
      expect(await tables.get('t_kv', 'a')).toEqual({ id: 'a', v })
    }
  })

  it('freeze contracts', async () => {
    const { client, account, other } = await user()
    const contract = await deploy({ client, account })
    const service = new ContractLifeCycle({ client, account })
    const { address } = contract
    expect(await service.getStatus(address)).toMatchObject({ state: 'available' })
    expect(await service.getStatus(SEALER.slice(0, 40))).toMatchObject({ state: 'nonexistent' })
    expect(await service.freeze(address)).toMatchObject(ok)
    expect(await service.freeze(address)).toMatchObject(refused(-51_900, /frozen already/))
    expect(await service.getStatus(address)).toMatchObject({ state: 'frozen' })
    await expect(contract.send('note', 1n, 1n)).rejects.toMatchObject({ details: { status: 30 } })
    expect(await service.unfreeze(address)).toMatchObject(ok)
    expect(await service.unfreeze(address)).toMatchObject(refused(-51_901, /not frozen/))
    expect(await service.listManager(address)).toEqual([`0x${account.address}`])
    expect(await service.grantManager(address, other.address)).toMatchObject(ok)
    expect(await service.listManager(address)).toHaveLength(2)
    const stranger = new ContractLifeCycle({ client, account: generateAccount(suite) })
    expect(await stranger.freeze(address)).toMatchObject(refused(-51_905, /not manage/))
    expect(await service.revokeManager(address, other.address)).toMatchObject(ok)
    expect(await service.revokeManager(address, account.address)).toMatchObject(
      refused(-51_907, /last manager/),
    )
  })

  it('govern', async () => {
    const { client, account, other } = await user()
    const service = new Governance({ client, account })
    const member = `0x${account.address}`
    expect(await service.listCommitteeMembers()).toEqual([])
    expect(await service.grantCommitteeMember(account.address)).toMatchObject(ok)
    expect(await service.listCommitteeMembers()).toMatchObject([{ address: member }])
    expect(await service.queryThreshold()).toBe(50)
    expect(await service.queryCommitteeMemberWeight(account.address)).toBe(1)
    expect(await service.queryCommitteeMemberWeight(other.address)).toBeUndefined()
    expect(await service.grantCommitteeMember(other.address)).toMatchObject(ok)
    // Two of two are needed now.
    const third = generateAccount(suite)
    expect(await service.grantCommitteeMember(third.address)).toMatchObject({ code: 0 })
    expect(await service.queryVotesOfMember(third.address)).toMatchObject({
      grant: [{ voter: member }],
      revoke: [],
      updateWeight: [],
    })
    expect(await service.updateCommitteeMemberWeight(account.address, 3)).toMatchObject({ code: 0 })
    expect(await service.queryVotesOfMember(account.address)).toMatchObject({
      updateWeight: [{ voter: member, weight: '3' }],
    })
    expect(await service.updateThreshold(60)).toMatchObject({ code: 0 })
    expect(Object.values(await service.queryVotesOfThreshold())).toMatchObject([
      [{ voter: member }],
    ])
    expect(await service.updateThreshold(100)).toMatchObject(refused(-52_003, /0 to 99/))
    const fellow = new Governance({ client, account: other })
    expect(await fellow.updateThreshold(60)).toMatchObject(ok)
    expect(await service.queryThreshold()).toBe(60)
    expect(await service.queryVotesOfThreshold()).toEqual({})
    expect(await fellow.grantCommitteeMember(third.address)).toMatchObject(ok)
    const operator = generateAccount(suite)
    expect(await service.grantOperator(operator.address)).toMatchObject(ok)
    expect(await service.listOperators()).toMatchObject([{ address: `0x${operator.address}` }])
    expect(await service.grantOperator(account.address)).toMatchObject(
      refused(-52_005, /committee/),
    )
    await deploy({ client, account: operator })
    expect(await service.getAccountStatus(operator.address)).toMatchObject({ state: 'available' })
    expect(await service.freezeAccount(operator.address)).toMatchObject(ok)
    expect(await service.getAccountStatus(operator.address)).toMatchObject({ state: 'frozen' })
    await expect(deploy({ client, account: operator })).rejects.toMatchObject({
      details: { status: 31 },
    })
    expect(await service.unfreezeAccount(operator.address)).toMatchObject(ok)
    expect(await service.revokeOperator(operator.address)).toMatchObject(ok)
    expect(await service.revokeCommitteeMember(third.address)).toMatchObject({ code: 0 })
  })

  it('charge gas', async () => {
    const { client, account, other } = await user()
    const service = new GasCharge({ client, account })
    await new Governance({ client, account }).grantCommitteeMember(account.address)
    expect(await service.charge(other.address, 5)).toMatchObject(refused(-53_000, /may not charge/))
    expect(await service.grantCharger(account.address)).toMatchObject({ code: 0 })
    expect(await service.listChargers()).toEqual([`0x${account.address}`])
    expect(await service.queryRemainGas(other.address)).toBeUndefined()
    expect(await service.charge(other.address, 500n)).toMatchObject({ code: 0, remainGas: 500n })
    expect(await service.deduct(other.address, 200)).toMatchObject({ code: 0, remainGas: 300n })
    expect(await service.deduct(other.address, 301)).toMatchObject(refused(-53_003, /so much gas/))
    expect(await service.queryRemainGas(other.address)).toBe(300n)
    expect(await service.revokeCharger(account.address)).toMatchObject({ code: 0 })
  })

  it('declare what may run beside each other', async () => {
    const { client, account } = await user()
    const service = new ParallelConfig({ client, account })
    const { address } = await deploy({ client, account })
    const signature = 'note(uint256,uint256)'
    expect(await service.registerParallelFunction(address, signature, 1)).toMatchObject({ code: 0 })
    expect(await service.unregisterParallelFunction(address, signature)).toMatchObject({ code: 0 })
  })

  it('compute', async () => {
    const service = new CryptoService(await user())
    expect(await service.sm3(utf8('abc'))).toBe(`0x${toHex(suiteOf('guomi').hash(utf8('abc')))}`)
    expect(await service.keccak256Hash(utf8('abc'))).toBe(
      `0x${toHex(suiteOf('standard').hash(utf8('abc')))}`,
    )
    const guomi = suiteOf('guomi')
    const keys = guomi.keyPair(fromHex('11'.repeat(32)))
    const hash = guomi.hash(utf8('message'))
    const signature = guomi.sign(hash, keys)
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32, 64)]
    const { publicKey } = keys
    expect(await service.sm2Verify({ hash, publicKey, r, s })).toBe(
      `0x${toHex(guomi.address(publicKey))}`,
    )
    expect(await service.sm2Verify({ hash, publicKey, r: s, s })).toBeUndefined()
    expect(await service.curve25519VRFVerify('a', 'b', 'c')).toBeUndefined()
  })

  it('run the samples', async () => {
    const { client, account } = await user()
    const transfer = new DagTransfer({ client, account })
    expect(await transfer.userAdd('a', 10)).toMatchObject({ code: 0 })
    expect(await transfer.userAdd('a', 10)).toMatchObject(refused(-51_403, /exists/))
    expect(await transfer.userSave('b', 5n)).toMatchObject({ code: 0 })
    expect(await transfer.userTransfer('a', 'b', 4)).toMatchObject({ code: 0 })
    expect(await transfer.userDraw('b', 100)).toMatchObject(refused(-51_404, /too low/))
    expect([await transfer.userBalance('a'), await transfer.userBalance('b')]).toEqual([6n, 9n])
    expect(await transfer.userBalance('c')).toBeUndefined()
    const hello = new HelloWorld({ client, account })
    expect(await hello.get()).toBe('Hello World!')
    expect(await hello.set('there')).toMatchObject(ok)
    expect(await hello.get()).toBe('there')
    expect(NativeAddress.helloWorld).toBe('5001'.padStart(40, '0'))
  })
})

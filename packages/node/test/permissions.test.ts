import { concatBytes, toHex } from '@bcos-ts/common'
import type { KeyPair } from '@bcos-ts/crypto'
import { type Address, type Receipt, TransactionStatus as Status } from '@bcos-ts/protocol'
import type { Transaction } from '@bcos-ts/protocol'
import {
  type AbiValue,
  decodeAbi,
  decodeErrorText,
  encodeAbi,
  selectorOf,
} from '@bcos-ts/protocol/abi'
import { beforeEach, describe, expect, it } from 'vitest'
import { deployer, type MemoryChain, memoryChain, suite } from './memory-chain.ts'

const NO_DATA = new Uint8Array(0)
/** Writes slot 0. */
const WRITER = '6001 6000 55 00'

const native = (last: string): Address => last.padStart(40, '0')
const TABLES = native('1001')
const CNS = native('1004')
const PERMISSION = native('1005')
const LIFE = native('1007')
const GOVERNANCE = native('1008')
const SYSTEM = native('1000')

const keysOf = (digit: number): KeyPair => suite.keyPair(new Uint8Array(32).fill(digit))
const [dev, eve, m1, m2, m3] = [1, 2, 3, 4, 5].map(keysOf) as [
  KeyPair,
  KeyPair,
  KeyPair,
  KeyPair,
  KeyPair,
]
const addressOf = ({ publicKey }: KeyPair): string => `0x${toHex(suite.address(publicKey))}`

let chain: MemoryChain
beforeEach(async () => {
  chain = await memoryChain()
})

function callOf(
  signer: KeyPair,
  to: Address,
  [signature, ...values]: readonly [string, ...AbiValue[]],
): Transaction {
  const types = signature.slice(signature.indexOf('(') + 1, -1)
  const data = encodeAbi(types === '' ? [] : types.split(','), values)
  return chain.transaction(to, concatBytes(selectorOf(signature, suite), data), signer)
}

const deploymentOf = (signer: KeyPair): Transaction =>
  chain.transaction(undefined, deployer(WRITER), signer)
const pokeOf = (signer: KeyPair, contract: Address): Transaction =>
  chain.transaction(contract, NO_DATA, signer)

/** The receipts of one block. */
async function block(...transactions: readonly Transaction[]): Promise<readonly Receipt[]> {
  return (await chain.mine(...transactions)).block.receipts
}

const statuses = (receipts: readonly Receipt[]): number[] => receipts.map(({ status }) => status)

function codeOf(receipt: Receipt | undefined): number {
  return Number(decodeAbi(['int256'], receipt?.output ?? NO_DATA)[0])
}

/** The code of a call in a block of its own. */
async function act(
  signer: KeyPair,
  to: Address,
  ...call: readonly [string, ...AbiValue[]]
): Promise<number> {
  return codeOf((await block(callOf(signer, to, call)))[0])
}

async function deployed(signer: KeyPair): Promise<Address> {
  const [receipt] = await block(deploymentOf(signer))
  expect(receipt?.status).toBe(Status.none)
  return receipt?.contractAddress ?? ''
}

const grantTo = (user: KeyPair, table: string) =>
  ['insert(string,string)', table, addressOf(user)] as const
const revokeFrom = (user: KeyPair, table: string) =>
  ['remove(string,string)', table, addressOf(user)] as const

const register = (version: string) =>
  ['insert(string,string,string,string)', 'name', version, addressOf(dev), ''] as const

describe('a right to a table', () => {
  it('counts from the block behind its grant on, for everybody else too', async () => {
    const receipts = await block(
      callOf(dev, PERMISSION, grantTo(dev, '_sys_tables_')),
      deploymentOf(eve),
    )
    expect(statuses(receipts)).toEqual([Status.none, Status.none])
    expect(statuses(await block(deploymentOf(eve), deploymentOf(dev)))).toEqual([
      Status.permissionDenied,
      Status.none,
    ])
  })

  it('that is the last one leaves the table to everybody when it is taken', async () => {
    await act(dev, PERMISSION, ...grantTo(dev, '_sys_tables_'))
    // Every transaction looks into this table, so its list is that of the beginning of the block.
    const receipts = await block(
      callOf(dev, PERMISSION, revokeFrom(dev, '_sys_tables_')),
      deploymentOf(eve),
    )
    expect(statuses(receipts)).toEqual([Status.none, Status.permissionDenied])
    expect(statuses(await block(deploymentOf(eve)))).toEqual([Status.none])
  })

  it('that is taken before the table is used in a block ends at once', async () => {
    await act(dev, PERMISSION, ...grantTo(dev, '_sys_cns_'))
    await act(dev, PERMISSION, ...grantTo(eve, '_sys_cns_'))
    const codes = await block(
      callOf(dev, PERMISSION, revokeFrom(eve, '_sys_cns_')),
      callOf(eve, CNS, register('1')),
    )
    expect(codes.map(codeOf)).toEqual([1, -50_000])
  })

  it('that is taken behind a use in the same block ends with the next block', async () => {
    await act(dev, PERMISSION, ...grantTo(dev, '_sys_cns_'))
    await act(dev, PERMISSION, ...grantTo(eve, '_sys_cns_'))
    const codes = await block(
      callOf(eve, CNS, register('1')),
      callOf(dev, PERMISSION, revokeFrom(eve, '_sys_cns_')),
      callOf(eve, CNS, register('2')),
    )
    expect(codes.map(codeOf)).toEqual([1, 1, 1])
    expect(await act(eve, CNS, ...register('3'))).toBe(-50_000)
  })

  it('never restricts reading', async () => {
    await act(dev, TABLES, 'createTable(string,string,string)', 't', 'k', 'v')
    await act(dev, PERMISSION, ...grantTo(dev, 't'))
    const crud = native('1002')
    const insert = ['insert(string,string,string,string)', 't', 'a', '{"v":"1"}', ''] as const
    expect([await act(eve, crud, ...insert), await act(dev, crud, ...insert)]).toEqual([-50_000, 1])
    const select = ['select(string,string,string,string)', 't', 'a', '{}', ''] as const
    const [read] = await block(callOf(eve, crud, select))
    expect(String(decodeAbi(['string'], read?.output ?? NO_DATA)[0])).toContain('"v" : "1"')
  })
})

describe('a right to write a contract', () => {
  it('shuts out everybody else, its deployer too, and comes from managers', async () => {
    const contract = await deployed(dev)
    expect(
      await act(eve, PERMISSION, 'grantWrite(address,address)', `0x${contract}`, addressOf(m1)),
    ).toBe(-50_000)
    expect(statuses(await block(pokeOf(eve, contract)))).toEqual([Status.none])
    expect(
      await act(dev, PERMISSION, 'grantWrite(address,address)', `0x${contract}`, addressOf(m1)),
    ).toBe(1)
    expect(statuses(await block(...[dev, eve, m1].map((one) => pokeOf(one, contract))))).toEqual([
      Status.permissionDenied,
      Status.permissionDenied,
      Status.none,
    ])
    expect(
      await act(dev, PERMISSION, 'revokeWrite(address,address)', `0x${contract}`, addressOf(m1)),
    ).toBe(1)
    expect(statuses(await block(pokeOf(eve, contract)))).toEqual([Status.none])
  })

  it('does not come from the committee, which may freeze the contract all the same', async () => {
    const contract = await deployed(dev)
    await act(m1, GOVERNANCE, 'grantCommitteeMember(address)', addressOf(m1))
    expect(
      await act(m1, PERMISSION, 'grantWrite(address,address)', `0x${contract}`, addressOf(eve)),
    ).toBe(-50_000)
    expect(await act(m1, LIFE, 'freeze(address)', `0x${contract}`)).toBe(1)
  })
})

describe('the life cycle of a contract', () => {
  it('takes effect at once, within the block, for callers in between too', async () => {
    const contract = await deployed(dev)
    const caller = `6000 6000 6000 6000 6000 73${contract} 5a f1 6000 52 6020 6000 f3`
    const [made] = await block(chain.transaction(undefined, deployer(caller), dev))
    const between = made?.contractAddress ?? ''
    const receipts = await block(
      pokeOf(eve, contract),
      callOf(dev, LIFE, ['freeze(address)', `0x${contract}`]),
      pokeOf(eve, contract),
      pokeOf(eve, between),
      callOf(dev, LIFE, ['unfreeze(address)', `0x${contract}`]),
      pokeOf(eve, contract),
    )
    const { none, contractFrozen } = Status
    expect(statuses(receipts)).toEqual([none, none, contractFrozen, none, none, none])
    expect(decodeErrorText(receipts[2]?.output ?? NO_DATA, suite)).toBe(
      `Frozen contract:${contract}`,
    )
    // The caller in between sees a call that failed, and goes on.
    expect(codeOf(receipts[3])).toBe(0)
  })

  it('does not keep writes out that use its code from elsewhere, but the frozen code itself', async () => {
    const library = await deployed(dev)
    const delegate = `6000 6000 6000 6000 73${library} 5a f4 6000 52 6020 6000 f3`
    const [made] = await block(chain.transaction(undefined, deployer(delegate), dev))
    const user = made?.contractAddress ?? ''
    expect(codeOf((await block(pokeOf(eve, user)))[0])).toBe(1)
    await act(dev, LIFE, 'freeze(address)', `0x${library}`)
    expect(codeOf((await block(pokeOf(eve, user)))[0])).toBe(0)
  })
})

describe('a frozen account', () => {
  it('neither calls nor deploys, from the freezing transaction on', async () => {
    const contract = await deployed(dev)
    await deployed(eve)
    await act(m1, GOVERNANCE, 'grantCommitteeMember(address)', addressOf(m1))
    const receipts = await block(
      pokeOf(eve, contract),
      callOf(m1, GOVERNANCE, ['freezeAccount(address)', addressOf(eve)]),
      pokeOf(eve, contract),
      deploymentOf(eve),
      callOf(eve, TABLES, ['createTable(string,string,string)', 't', 'k', 'v']),
      callOf(m1, GOVERNANCE, ['unfreezeAccount(address)', addressOf(eve)]),
      pokeOf(eve, contract),
    )
    const { none, accountFrozen } = Status
    expect(statuses(receipts)).toEqual([
      none,
      none,
      accountFrozen,
      accountFrozen,
      accountFrozen,
      none,
      none,
    ])
  })

  it('must have deployed or been given gas before, and cannot be a member', async () => {
    await act(m1, GOVERNANCE, 'grantCommitteeMember(address)', addressOf(m1))
    expect(await act(m1, GOVERNANCE, 'freezeAccount(address)', addressOf(eve))).toBe(-52_008)
    await deployed(m1)
    expect(await act(m1, GOVERNANCE, 'freezeAccount(address)', addressOf(m1))).toBe(-50_000)
  })
})

describe('the committee', () => {
  const grantMember = (user: KeyPair) => ['grantCommitteeMember(address)', addressOf(user)] as const

  it('is begun by anybody, and then needs more than half of its votes', async () => {
    expect(await act(eve, GOVERNANCE, ...grantMember(m1))).toBe(1)
    expect(await act(eve, GOVERNANCE, ...grantMember(eve))).toBe(-52_002)
    expect(await act(m1, GOVERNANCE, ...grantMember(m2))).toBe(1)
    expect(await act(m1, GOVERNANCE, ...grantMember(m3))).toBe(0)
    expect(await act(m2, GOVERNANCE, ...grantMember(m3))).toBe(1)
  })

  it('closes parameters, sealers and grants to others from the next block on', async () => {
    const set = ['setValueByKey(string,string)', 'tx_count_limit', '500'] as const
    const receipts = await block(
      callOf(m1, GOVERNANCE, grantMember(m1)),
      callOf(eve, SYSTEM, set),
      callOf(eve, PERMISSION, grantTo(eve, 't')),
    )
    expect(receipts.map(codeOf)).toEqual([1, 1, 1])
    expect(await act(eve, SYSTEM, ...set)).toBe(-50_000)
    expect(await act(eve, PERMISSION, ...grantTo(eve, 'u'))).toBe(-50_000)
    expect(await act(m1, SYSTEM, ...set)).toBe(1)
  })

  it('leaves deployment open until it names an operator, and opens it again with the last one', async () => {
    await act(m1, GOVERNANCE, ...grantMember(m1))
    expect(statuses(await block(deploymentOf(eve)))).toEqual([Status.none])
    expect(await act(m1, GOVERNANCE, 'grantOperator(address)', addressOf(dev))).toBe(1)
    expect(statuses(await block(deploymentOf(eve), deploymentOf(dev), deploymentOf(m1)))).toEqual([
      Status.permissionDenied,
      Status.none,
      Status.permissionDenied,
    ])
    expect(await act(m1, GOVERNANCE, 'revokeOperator(address)', addressOf(dev))).toBe(1)
    expect(statuses(await block(deploymentOf(eve)))).toEqual([Status.none])
  })

  it('knows no one who is member and operator', async () => {
    await act(m1, GOVERNANCE, ...grantMember(m1))
    await act(m1, GOVERNANCE, 'grantOperator(address)', addressOf(dev))
    expect(await act(m1, GOVERNANCE, ...grantMember(dev))).toBe(-52_004)
    expect(await act(m1, GOVERNANCE, 'grantOperator(address)', addressOf(m1))).toBe(-52_005)
    expect(await act(m1, PERMISSION, ...grantTo(m1, '_sys_tables_'))).toBe(-52_005)
  })
})

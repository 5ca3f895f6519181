import {
  bigIntToBytes,
  concatBytes,
  equalBytes,
  fromHex,
  textToBytes,
  to0x,
  toHex,
} from '@bcos-ts/common'
import { keccak256, portableSm2, sm3 } from '@bcos-ts/crypto'
import { SystemTableName } from '@bcos-ts/protocol'
import type { AbiValue } from '@bcos-ts/protocol/abi'
import { beforeEach, describe, expect, it } from 'vitest'
import { cryptoContract } from '../../src/contracts/crypto.ts'
import { dagTransfer } from '../../src/contracts/dag-transfer.ts'
import { parallelConfig } from '../../src/contracts/parallel-config.ts'
import { workingSealerManager } from '../../src/contracts/working-sealer-manager.ts'
import { helloWorld, nativeAddress, ResultCode } from '../../src/index.ts'
import { ALICE, BOB, Calls } from '../calls.ts'
import { ruleVectors } from '../vectors.ts'
import { nativeCrypto, World } from '../world.ts'

const MAX = 2n ** 256n - 1n
const CONTRACT = 'c0'.repeat(20)
const ABSENT = 'e0'.repeat(20)

let world: World
let calls: Calls

beforeEach(async () => {
  world = await new World({ extensions: [helloWorld] }).start()
  calls = new Calls(world.open(), world.suite)
})

/** A table that is there already, writable by Bob alone. */
async function reserve(table: string, keyField: string, valueFields: string): Promise<void> {
  await world.block((block) => {
    block.tables.create({ name: table, keyField, valueFields }, undefined)
    const fields = { address: `0x${BOB}`, enable_num: '0' }
    block.seed({ table: SystemTableName.tableAccess, key: table, fields })
  })
  calls = new Calls(world.open(), world.suite)
}

describe('DagTransfer', () => {
  const run = (signature: string, ...values: AbiValue[]) =>
    calls.contract(dagTransfer, signature, values)
  const add = (user: string, amount: bigint) => run('userAdd(string,uint256)', user, amount)
  const save = (user: string, amount: bigint) => run('userSave(string,uint256)', user, amount)
  const draw = (user: string, amount: bigint) => run('userDraw(string,uint256)', user, amount)
  const transfer = (from: string, to: string, amount: bigint) =>
    run('userTransfer(string,string,uint256)', from, to, amount)
  const balance = (user: string) => run('userBalance(string)', user)
  // The code is declared without a sign.
  const unsigned = (code: number) => 2n ** 256n + BigInt(code)

  it('keeps balances', () => {
    expect(add('a', 0n)).toBe(0)
    expect(add('a', 5n)).toEqual(unsigned(ResultCode.userExists))
    expect(save('a', 10n)).toBe(0)
    expect(save('b', 3n)).toBe(0)
    expect(draw('a', 4n)).toBe(0)
    expect(transfer('a', 'b', 1n)).toBe(0)
    expect(transfer('a', 'c', 5n)).toBe(0)
    expect([balance('a'), balance('b'), balance('c')]).toEqual([
      [0, 0],
      [0, 4],
      [0, 5],
    ])
  })

  it('answers in this order', () => {
    const { invalidUserName, invalidAmount, userMissing, insufficientBalance, balanceOverflow } =
      ResultCode
    expect(add('', 0n)).toEqual(unsigned(invalidUserName))
    expect(save('', 0n)).toEqual(unsigned(invalidUserName))
    expect(draw('', 0n)).toEqual(unsigned(invalidUserName))
    expect(transfer('a', '', 0n)).toEqual(unsigned(invalidUserName))
    expect(transfer('', 'a', 0n)).toEqual(unsigned(invalidUserName))
    expect(balance('')).toEqual([unsigned(invalidUserName), 0])
    expect(save('a', 0n)).toEqual(unsigned(invalidAmount))
    expect(draw('a', 0n)).toEqual(unsigned(invalidAmount))
    expect(transfer('a', 'a', 0n)).toEqual(unsigned(invalidAmount))
    // To oneself, without being asked whether one exists.
    expect(transfer('a', 'a', 1n)).toBe(0)
    expect(draw('a', 1n)).toEqual(unsigned(userMissing))
    expect(transfer('a', 'b', 1n)).toEqual(unsigned(userMissing))
    expect(balance('a')).toEqual([unsigned(userMissing), 0])
    add('a', MAX)
    expect(save('a', 1n)).toEqual(unsigned(balanceOverflow))
    add('b', 1n)
    expect(draw('b', 2n)).toEqual(unsigned(insufficientBalance))
    expect(transfer('b', 'a', 2n)).toEqual(unsigned(insufficientBalance))
    expect(transfer('b', 'a', 1n)).toEqual(unsigned(balanceOverflow))
    expect(run('nonsense()')).toBe(undefined)
  })

  it('is written by those on the list, where there is one', async () => {
    await reserve('u_dag_transfer', 'user_name', 'user_balance')
    calls.block.seed({ table: 'u_dag_transfer', key: 'a', fields: { user_balance: '9' } })
    const refused = unsigned(ResultCode.noAuthorized)
    expect(add('b', 1n)).toEqual(refused)
    expect(save('b', 1n)).toEqual(refused)
    expect(save('a', 1n)).toEqual(refused)
    expect(draw('a', 1n)).toEqual(refused)
    expect(transfer('a', 'b', 1n)).toEqual(refused)
    expect(balance('a')).toEqual([0, 9])
    expect(calls.contract(dagTransfer, 'userDraw(string,uint256)', ['a', 1], { origin: BOB })).toBe(
      0,
    )
  })

  it.each([
    ['0x10', 16],
    ['010', 8],
    ['', 0],
  ])('reads a balance of %j that somebody else wrote', (text, amount) => {
    add('x', 0n)
    calls.block.seed({ table: 'u_dag_transfer', key: 'a', fields: { user_balance: text } })
    expect(balance('a')).toEqual([0, amount])
  })

  it('refuses the call for a balance that is no number', () => {
    add('x', 0n)
    calls.block.seed({ table: 'u_dag_transfer', key: 'a', fields: { user_balance: 'much' } })
    expect(balance('a')).toEqual({ failed: 'PrecompiledError' })
  })

  it('says what its calls conflict on', () => {
    const address = nativeAddress(0x5002)
    const fields = (signature: string, ...values: AbiValue[]) =>
      calls.block.session.criticalFields(address, calls.input(signature, values))
    expect(fields('userAdd(string,uint256)', 'A', 1)).toEqual([`A${address}`])
    expect(fields('userSave(string,uint256)', 'A', 0)).toEqual([`A${address}`])
    expect(fields('userDraw(string,uint256)', 'A', 1)).toEqual([`A${address}`])
    expect(fields('userBalance(string)', 'A')).toEqual([`A${address}`])
    expect(fields('userTransfer(string,string,uint256)', 'A', 'B', 1)).toEqual([
      `A${address}`,
      `B${address}`,
    ])
    expect(fields('userTransfer(string,string,uint256)', 'A', '', 1)).toEqual([])
    expect(fields('userDraw(string,uint256)', '', 1)).toEqual([])
    expect(fields('nonsense()')).toEqual([])
  })
})

describe('ParallelConfig', () => {
  const register = (signature: string, size: bigint | number, contract = CONTRACT) =>
    calls.contract(parallelConfig, 'registerParallelFunctionInternal(address,string,uint256)', [
      `0x${contract}`,
      signature,
      size,
    ])
  const unregister = (signature: string) =>
    calls.contract(parallelConfig, 'unregisterParallelFunctionInternal(address,string)', [
      `0x${CONTRACT}`,
      signature,
    ])
  const rows = () =>
    (calls.block.tables.open(`cp_${CONTRACT}`)?.select('parallel') ?? []).map((row) =>
      ['selector', 'functionName', 'criticalSize'].map((field) => row.get(field)),
    )

  it.each(ruleVectors.parallelSelectors)('keeps $functionName by its selector', (one) => {
    expect(register(one.functionName, 2)).toBe(0)
    expect(register(one.functionName, 1)).toBe(0)
    expect(rows()).toEqual([[one.selectorDecimalKeccak, one.functionName, '1']])
    expect(unregister(one.functionName)).toBe(0)
    expect(rows()).toEqual([])
    expect(unregister(one.functionName)).toBe(0)
  })

  it('makes the table for what is not there either', () => {
    expect(unregister('none()')).toBe(0)
    expect(rows()).toEqual([])
    expect(calls.contract(parallelConfig, 'nonsense()')).toBe(undefined)
  })

  /** What a call conflicts on, in the next block. */
  async function fields(signature: string, input: Uint8Array, size: bigint | number) {
    await world.block((block) => {
      calls = new Calls(block, world.suite)
      register(signature, size)
    })
    return world.open().session.criticalFields(CONTRACT, input)
  }

  it('gives the first parameters of a call', async () => {
    const signature = 'f(string,address,uint256,int256,bool)'
    const values = ['x', `0x${ALICE}`, 7, -7, true]
    const input = calls.input(signature, values)
    const expected = ['x', ALICE, '7', '-7'].map((text) => text + CONTRACT)
    expect(await fields(signature, input, 4)).toEqual(expected)
    expect(await fields(signature, input, 1)).toEqual(expected.slice(0, 1))
    expect(await fields(signature, input, 0)).toEqual([])
  })

  it('reads short names of types, and blanks between them', async () => {
    const signature = 'f( uint , int, uint256[2] [],bytes32)'
    const input = concatBytes(selector(signature), word(1), word(2))
    expect(await fields(signature, input, 2)).toEqual([`1${CONTRACT}`, `2${CONTRACT}`])
  })

  function selector(signature: string): Uint8Array {
    return world.suite.hash(textToBytes(signature)).subarray(0, 4)
  }

  function word(value: bigint | number): Uint8Array {
    return bigIntToBytes(BigInt(value), 32)
  }

  it.each([
    ['a type that cannot be conflicted on', 'f(bool)', 1],
    ['an array', 'f(uint256[])', 1],
    ['another width', 'f(uint8)', 1],
    ['fewer parameters than named', 'f(uint256)', 2],
    ['more than any function has', 'f(uint256)', MAX],
    ['no type at all', 'f(number)', 1],
    ['a wrong width further on', 'f(uint256,uint9)', 1],
    ['a wrong width of bytes further on', 'f(uint256,bytes33)', 1],
    ['a bracket left open', 'f(uint256,uint256[)', 1],
    ['brackets the wrong way', ')f(', 0],
    ['no brackets', 'f', 0],
  ] as const)('conflicts with everything for %s', async (_what, signature, size) => {
    const input = concatBytes(selector(signature), word(1), word(2))
    expect(await fields(signature, input, size)).toBeUndefined()
  })

  it('conflicts with everything for data that ends too soon', async () => {
    const signature = 'f(uint256)'
    expect(await fields(signature, selector(signature), 1)).toBeUndefined()
    expect(await fields(signature, new Uint8Array(3), 1)).toBeUndefined()
    expect(
      await fields(signature, concatBytes(selector(signature), word(1).subarray(1)), 1),
    ).toBeUndefined()
  })

  it('conflicts with everything for what is not registered', async () => {
    const signature = 'f(uint256)'
    const input = concatBytes(selector(signature), word(1))
    expect(calls.block.session.criticalFields(CONTRACT, input)).toBeUndefined()
    await fields(signature, input, 1)
    const { session } = world.open()
    expect(
      session.criticalFields(CONTRACT, concatBytes(selector('g(uint256)'), word(1))),
    ).toBeUndefined()
    expect(session.criticalFields(ABSENT, input)).toBeUndefined()
    expect(session.criticalFields(CONTRACT, input)).toEqual([`1${CONTRACT}`])
  })

  it('cuts the number of parameters to 64 bits', async () => {
    const signature = 'f(uint256)'
    const input = concatBytes(selector(signature), word(1))
    expect(await fields(signature, input, 2n ** 64n + 1n)).toEqual([`1${CONTRACT}`])
  })
})

describe('Crypto', () => {
  const claim = { publicKey: 'aa', input: 'text', proof: 'a|b|c' }
  const crypto = cryptoContract(nativeCrypto())
  const run = (signature: string, ...values: AbiValue[]) =>
    calls.contract(crypto, signature, values)

  beforeEach(async () => {
    world = await new World({ vrf: [{ ...claim, random: new Uint8Array(32).fill(2) }] }).start()
    calls = new Calls(world.open(), world.suite)
  })

  it('hashes with both hashes on any chain', () => {
    const { input, sm3: bySm3, keccak256: byKeccak } = ruleVectors.hash
    const data = textToBytes(input)
    expect([run('sm3(bytes)', data), run('keccak256Hash(bytes)', data)]).toEqual([bySm3, byKeccak])
    expect(run('sm3(bytes)', new Uint8Array(0))).toBe(to0x(sm3(new Uint8Array(0))))
  })

  it('checks SM2 signatures', () => {
    const secretKey = new Uint8Array(32).fill(7)
    const publicKey = portableSm2.publicKey(secretKey)
    const message = keccak256(new Uint8Array(1))
    const signature = portableSm2.sign(message, { secretKey, publicKey })
    const r = signature.subarray(0, 32)
    const s = signature.subarray(32)
    const verify = (...values: AbiValue[]) =>
      run('sm2Verify(bytes32,bytes,bytes32,bytes32)', ...values)
    const signer = `0x${toHex(sm3(publicKey).subarray(12))}`
    const nobody = [false, `0x${'0'.repeat(40)}`]
    expect(verify(message, publicKey, r, s)).toEqual([true, signer])
    expect(verify(message, publicKey, s, r)).toEqual(nobody)
    expect(verify(r, publicKey, r, s)).toEqual(nobody)
    expect(verify(message, publicKey.subarray(1), r, s)).toEqual(nobody)
    expect(verify(message, new Uint8Array(64), r, s)).toEqual(nobody)
    expect(verify(message, publicKey, new Uint8Array(32), s)).toEqual(nobody)
  })

  it.each([
    ['as it is', claim, true],
    ['with bytes behind a NUL', { ...claim, input: 'text\0more' }, true],
    ['of another text', { ...claim, input: 'Text' }, false],
  ])('judges a claim %s', (_what, { input, publicKey, proof }, isGood) => {
    const answer = run('curve25519VRFVerify(string,string,string)', input, publicKey, proof)
    expect(answer).toEqual([isGood, isGood ? BigInt(`0x${'02'.repeat(32)}`) : 0])
  })

  it('finds no truth in bytes that are no text', () => {
    const bytes = Uint8Array.of(0x74, 0xff)
    const answer = run(
      'curve25519VRFVerify(string,string,string)',
      bytes,
      claim.publicKey,
      claim.proof,
    )
    expect(answer).toEqual([false, 0])
  })

  it('answers an unknown function with a code that lost its sign', () => {
    expect(run('nonsense()')).toBe(4_294_917_195)
  })
})

describe('WorkingSealerManager', () => {
  const contract = workingSealerManager(nativeCrypto())
  const ROTATE = 'rotateWorkingSealer(std::string, std::string, std::string)'
  const parentHash = new Uint8Array(32).fill(9)
  const claim = { publicKey: 'aa', input: toHex(parentHash), proof: 'p' }
  const NODES = ['11', '22', '33', '44'].map((byte) => byte.repeat(64))

  /** Nodes of which so many work, on a chain that wants so many. */
  async function start(working: number, wanted: number, nodes = NODES): Promise<void> {
    const config = (key: string, value: number, block: number) => ({
      table: SystemTableName.config,
      key,
      fields: { value: String(value), enable_num: String(block) },
    })
    const random = new Uint8Array(32).fill(5)
    world = await new World({ vrf: [{ ...claim, random }] }).start([
      config('rpbft_epoch_sealer_num', wanted, 0),
      config('rpbft_epoch_block_num', 2, 0),
      ...nodes.map((id, index) => ({
        table: SystemTableName.consensus,
        key: 'node',
        fields: { type: index < working ? 'wSealer' : 'sealer', node_id: id, enable_num: '0' },
      })),
    ])
    // Block 3 stands on block 2, the end of an epoch.
    for (let block = 0; block < 2; block++) await world.block(() => {})
    calls = new Calls(world.open(parentHash), world.suite)
  }

  const addressOfNode = (id: string) => toHex(world.suite.address(fromHex(id)))

  function rotate(changes: Partial<typeof claim> = {}, origin = addressOfNode(NODES[0] ?? '')) {
    const { publicKey, input, proof } = { ...claim, ...changes }
    const selector = world.suite.hash(textToBytes(ROTATE)).subarray(0, 4)
    const data = calls.input('f(string,string,string)', [publicKey, input, proof]).subarray(4)
    const address = nativeAddress(contract.address)
    const outcome = calls.raw(address, concatBytes(selector, data), { origin })
    return outcome.type === 'done' ? equalBytes(outcome.output, new Uint8Array(0)) : outcome.text
  }

  const types = () =>
    (calls.block.tables.open(SystemTableName.consensus)?.select('node') ?? []).map((row) =>
      row.get('type'),
    )
  const count = (type: string) => types().filter((one) => one === type).length

  it('exchanges one of each when the number is right', async () => {
    await start(2, 2)
    expect(rotate()).toBe(true)
    expect(count('wSealer')).toBe(2)
    expect(types()).not.toEqual(['wSealer', 'wSealer', 'sealer', 'sealer'])
  })

  it.each([
    ['lets go those who are too many', 3, 1, 1],
    ['takes in those who are missing', 1, 3, 3],
    ['takes in everybody when more are wanted than there are', 1, 9, 4],
  ])('%s', async (_what, working, wanted, result) => {
    await start(working, wanted)
    expect(rotate()).toBe(true)
    expect(count('wSealer')).toBe(result)
  })

  it('changes nothing when everybody works, or there is one node', async () => {
    await start(4, 4)
    expect(rotate()).toBe(true)
    expect(count('wSealer')).toBe(4)
    await start(0, 1, NODES.slice(0, 1))
    expect(rotate()).toBe(true)
    expect(types()).toEqual(['sealer'])
  })

  it('does nothing when it is not due, whatever it is called with', async () => {
    await start(2, 2)
    await world.block(() => {})
    calls = new Calls(world.open(parentHash), world.suite)
    expect(rotate({ proof: 'bad' }, ALICE)).toBe(true)
    expect(types()).toEqual(['wSealer', 'wSealer', 'sealer', 'sealer'])
  })

  it('is due when told so, and forgets it then', async () => {
    await start(2, 2)
    await world.block((block) => {
      const fields = { value: '1', enable_num: '3' }
      block.seed({ table: SystemTableName.config, key: 'notify_rotate', fields })
    })
    calls = new Calls(world.open(parentHash), world.suite)
    expect(rotate()).toBe(true)
    expect(types()).not.toEqual(['wSealer', 'wSealer', 'sealer', 'sealer'])
    const [row] = calls.block.tables.open(SystemTableName.config)?.select('notify_rotate') ?? []
    expect([row?.get('value'), row?.get('enable_num')]).toEqual(['0', '4'])
  })

  it('is due when the wanted number changed in the block before', async () => {
    await start(2, 2)
    await world.block((block) => {
      const row = block.tables.newEntry()
      row.set('value', '1')
      row.set('enable_num', '3')
      const table = block.tables.open(SystemTableName.config)
      table?.update('rpbft_epoch_sealer_num', row, { writer: undefined })
    })
    calls = new Calls(world.open(parentHash), world.suite)
    expect(rotate()).toBe(true)
    expect(count('wSealer')).toBe(1)
  })

  it('takes the hash in any form that says the same', async () => {
    await start(2, 2)
    const input = `0x${claim.input.toUpperCase()}`
    // The hash is right; the claim is not the one that is known.
    expect(rotate({ input })).toContain('Verify VRF proof failed!')
  })

  it.each([
    [
      'another hash',
      { input: 'ab'.repeat(32) },
      undefined,
      'Invalid VRFInput, must be the parentHash!',
    ],
    [
      'a hash that is none',
      { input: 'nonsense' },
      undefined,
      'Invalid VRFInput, must be the parentHash!',
    ],
    ['a bad proof', { proof: 'q' }, undefined, 'Verify VRF proof failed!'],
    [
      'somebody who does not work',
      {},
      ALICE,
      'Permission denied, must be among the working sealer list!',
    ],
  ])('refuses %s', async (_what, changes, origin, reason) => {
    await start(2, 2)
    const sender = origin ?? addressOfNode(NODES[0] ?? '')
    expect(rotate(changes, sender)).toBe(
      `rotateWorkingSealer exceptioned, error info:${reason} , origin:0x${sender}`,
    )
    expect(types()).toEqual(['wSealer', 'wSealer', 'sealer', 'sealer'])
  })

  it('lets anybody draw while nobody works', async () => {
    await start(0, 2)
    expect(rotate({}, ALICE)).toBe(true)
    expect(count('wSealer')).toBe(2)
  })

  it('does not count nodes from one on that is no key', async () => {
    await start(1, 3, [NODES[0] ?? '', '1z'.repeat(64), NODES[1] ?? ''])
    expect(rotate()).toBe(true)
    expect(types()).toEqual(['wSealer', 'sealer', 'sealer'])
  })

  it('refuses on a chain without its settings', async () => {
    world = await new World().start()
    calls = new Calls(world.open(parentHash), world.suite)
    expect(rotate()).toContain('no number in rpbft_epoch_sealer_num')
  })
})

describe('HelloWorld', () => {
  const run = (signature: string, ...values: AbiValue[]) =>
    calls.contract(helloWorld, signature, values)
  const gasOf = (signature: string, ...values: AbiValue[]) => {
    const outcome = calls.raw(nativeAddress(0x5001), calls.input(signature, values))
    return outcome.type === 'done' ? outcome.gas : undefined
  }

  it('keeps one text', () => {
    expect(run('get()')).toBe('Hello World!')
    expect(run('set(string)', 'Hello chain!')).toBe(1)
    expect(run('set(string)', 'Hello again!')).toBe(1)
    expect(run('get()')).toBe('Hello again!')
  })

  it('charges for its table, and for the row', () => {
    expect(gasOf('nonsense()')).toBe(200 + 16_000 + 3)
    expect(gasOf('nonsense()')).toBe(200 + 3)
    expect(gasOf('set(string)', 'x')).toBe(200 + 10_000 + 12)
    expect(gasOf('set(string)', 'y')).toBe(200 + 200 + 10_000 + 12)
    expect(gasOf('get()')).toBe(200 + 200 + 9)
  })

  it('makes its table whatever it is asked', () => {
    expect(run('nonsense()')).toBe(ResultCode.unknownFunction)
    expect(calls.block.tables.open('u_hello_world')?.keyField).toBe('key')
  })

  it('is written by those on the list, where there is one', async () => {
    await reserve('u_hello_world', 'key', 'value')
    expect(run('set(string)', 'x')).toBe(ResultCode.noAuthorized)
    expect(calls.contract(helloWorld, 'set(string)', ['x'], { origin: BOB })).toBe(1)
  })

  it('conflicts with everything, since its unknown functions write', () => {
    const { session } = calls.block
    expect(session.criticalFields(nativeAddress(0x5001), calls.input('nonsense()'))).toBeUndefined()
  })
})

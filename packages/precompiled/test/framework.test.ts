import { assert, concatBytes, fromHex, InvariantViolation, toHex } from '@bcos-ts/common'
import type { AbiValue } from '@bcos-ts/protocol/abi'
import type { NativeOutcome } from '@bcos-ts/protocol/ports'
import { StorageNotOpenError } from '@bcos-ts/storage-crud'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FREE_STORAGE_PRICES, GasMeter, STANDARD_PRICES } from '../src/framework/gas-meter.ts'
import {
  CodeWord,
  functionsOf,
  memoryGas,
  native,
  nativeAddress,
  type NativeContract,
  type NativeObject,
  refuse,
} from '../src/index.ts'
import { ALICE, Calls } from './calls.ts'
import { ruleVectors } from './vectors.ts'
import { World } from './world.ts'

interface Box {
  value: string
}

const boxMethod = functionsOf<Box>()

const boxObject: NativeObject<Box> = {
  name: 'Box',
  summary: 'Holds a text.',
  memory: 'calldata',
  unknown: -7,
  functions: [
    boxMethod('put(string text)', { run: ({ self }, text) => void (self.value = text) }),
    boxMethod('look() view returns (string)', { run: ({ self }) => self.value }),
  ],
}

const otherObject: NativeObject<Box> = { ...boxObject, name: 'Other' }

const bench: NativeContract = {
  name: 'Bench',
  address: 0x5100,
  summary: 'Does what tests ask for.',
  memory: 'output',
  unknown: 'empty',
  functions: [
    native(
      'echo(string a, bytes b, bytes32 c, address d, bool e, int256 f, uint256 g) returns (string, bytes, bytes32, address, bool, int256, uint256)',
      {
        run: (_call, ...values) => values,
      },
    ),
    native('lists() returns (address[], string[], uint256[])', {
      run: () => [[ALICE], ['x', 'y'], [1, 2n]] as const,
    }),
    native('number(int256 value) returns (uint256)', { run: (_call, value) => value }),
    native('nothing()', { run: () => {} }),
    native('code() returns (string, string)', { run: () => new CodeWord(-5) }),
    native('frame() returns (address origin, address sender, uint256 block, bytes32 parent)', {
      run: ({ origin, sender, blockNumber, parentHash }) =>
        [origin, sender, blockNumber, parentHash] as const,
    }),
    native('box() returns (address)', {
      charges: ['OpenTable'],
      run: ({ objects }) => objects.add(boxObject, { value: '' }),
    }),
    native('peek(address box) returns (string)', {
      run: ({ objects }, box) => objects.get(boxObject, box).value,
    }),
    native('peekOther(address box) returns (string)', {
      run: ({ objects }, box) => objects.get(otherObject, box).value,
    }),
    native('refuse(string text)', { run: (_call, text) => refuse(text) }),
    native('refuseSilently()', { run: () => refuse() }),
    native('write(string table, string field) returns (int256)', {
      run({ tables }, name, field) {
        const row = tables.newEntry()
        row.set(field, '')
        return tables.open(name)?.insert('key', row, undefined) ?? -1
      },
    }),
    native('throwError()', {
      run() {
        throw new Error('something')
      },
    }),
    native('breakInvariant()', { run: () => assert(false, 'broken') }),
    native('loseDisk()', {
      run() {
        throw new StorageNotOpenError('memory')
      },
    }),
    native('recurse()', {
      run() {
        const forever = (depth: number): number => forever(depth + 1) + 1
        forever(0)
      },
    }),
    native('own(uint256 gas)', { run: ({ gas }, amount) => gas.add(Number(amount)) }),
    native('parallel(string user) returns (int256)', {
      criticalFields: (user) => [user, 'all'],
      run: () => 0,
    }),
  ],
}

const BENCH = nativeAddress(bench.address)

async function benchCalls(): Promise<Calls> {
  const world = await new World({ extensions: [bench] }).start()
  return new Calls(world.open(), world.suite)
}

function outputOf(outcome: NativeOutcome): string {
  assert(outcome.type === 'done', 'the call succeeds')
  return toHex(outcome.output)
}

describe('a call', () => {
  it('brings arguments of every type, and takes results of every type', async () => {
    const calls = await benchCalls()
    const values: AbiValue[] = [
      'text',
      '0x0102',
      `0x${'11'.repeat(32)}`,
      `0x${ALICE}`,
      true,
      -3n,
      2n ** 255n,
    ]
    const types = 'string,bytes,bytes32,address,bool,int256,uint256'
    expect(calls.contract(bench, `echo(${types})`, values)).toEqual([
      'text',
      '0x0102',
      `0x${'11'.repeat(32)}`,
      `0x${ALICE}`,
      true,
      -3,
      2n ** 255n,
    ])
    expect(calls.contract(bench, 'lists()')).toEqual([[`0x${ALICE}`], ['x', 'y'], [1, 2]])
  })

  it.each([
    ['0x', ''],
    ['three bytes', '010203'],
    ['an unknown selector', '01020304'],
  ])('with %s finds no function, and is no failure', async (_name, input) => {
    const calls = await benchCalls()
    const bytes = fromHex(input.replace(/^0x$/, ''))
    expect(calls.raw(BENCH, bytes)).toEqual({ type: 'done', output: new Uint8Array(0), gas: 0 })
    const box = calls.open(bench, 'box()')
    const outcome = calls.raw(box, bytes)
    expect(outputOf(outcome)).toBe(`${'f'.repeat(63)}9`)
    // One word of output, and call data that is shorter.
    expect(outcome).toMatchObject({ gas: 3 })
  })

  it.each(ruleVectors.codes)('encodes $code as the reference does', async ({ code, word }) => {
    const calls = await benchCalls()
    const outcome = calls.raw(BENCH, calls.input('number(int256)', [code]))
    expect(`0x${outputOf(outcome)}`).toBe(word)
  })

  it('answers with one code word in place of a declared result', async () => {
    const calls = await benchCalls()
    expect(calls.contract(bench, 'code()')).toBe(-5)
    expect(calls.contract(bench, 'nothing()')).toBeUndefined()
  })

  it('knows who calls, and in which block', async () => {
    const world = await new World({ extensions: [bench] }).start()
    const block = world.open(fromHex('ab'.repeat(32)))
    const answer = new Calls(block, world.suite).contract(bench, 'frame()', [], {
      sender: 'cc'.repeat(20),
    })
    expect(answer).toEqual([`0x${ALICE}`, `0x${'cc'.repeat(20)}`, 1, `0x${'ab'.repeat(32)}`])
  })

  it('is answered whatever the bytes are', async () => {
    const calls = await benchCalls()
    const selector = calls
      .input('echo(string,bytes,bytes32,address,bool,int256,uint256)', [
        '',
        '0x',
        `0x${'00'.repeat(32)}`,
        `0x${ALICE}`,
        false,
        0,
        0,
      ])
      .subarray(0, 4)
    const property = fc.property(fc.uint8Array({ maxLength: 400 }), (data) => {
      expect(calls.raw(BENCH, concatBytes(selector, data)).type).toBe('done')
    })
    fc.assert(property, { numRuns: 300 })
  })
})

describe('a failure', () => {
  it('carries the text of a refusal', async () => {
    const calls = await benchCalls()
    expect(calls.contract(bench, 'refuse(string)', ['not today'])).toEqual({ failed: 'not today' })
  })

  it.each([
    ['a refusal without words', 'refuseSilently()', []],
    ['any error', 'throwError()', []],
    ['a field that a table does not have', 'write(string,string)', ['_sys_config_', 'nonsense']],
  ] as const)('has the general text for %s', async (_name, signature, values) => {
    const calls = await benchCalls()
    expect(calls.contract(bench, signature, values)).toEqual({ failed: 'PrecompiledError' })
  })

  it('is none where another node might not meet it', async () => {
    const calls = await benchCalls()
    expect(() => calls.contract(bench, 'breakInvariant()')).toThrow(InvariantViolation)
    expect(() => calls.contract(bench, 'loseDisk()')).toThrow(StorageNotOpenError)
    expect(() => calls.contract(bench, 'recurse()')).toThrow(RangeError)
    expect(() => calls.raw('cc'.repeat(20), new Uint8Array(4))).toThrow(InvariantViolation)
  })
})

describe('an object', () => {
  it('gets the next address from 0x10001, also behind a failure', async () => {
    const calls = await benchCalls()
    expect(calls.contract(bench, 'box()')).toBe(`0x${'10001'.padStart(40, '0')}`)
    expect(calls.contract(bench, 'refuseSilently()')).toEqual({ failed: 'PrecompiledError' })
    const second = calls.open(bench, 'box()')
    expect(second).toBe('10002'.padStart(40, '0'))
    expect(calls.object([boxObject, second], 'put(string)', ['gold'])).toBeUndefined()
    expect(calls.object([boxObject, second], 'look()')).toBe('gold')
    expect(calls.contract(bench, 'peek(address)', [`0x${second}`])).toBe('gold')
  })

  it('lives for one block', async () => {
    const world = await new World({ extensions: [bench] }).start()
    const address = nativeAddress(0x10001)
    const first = new Calls(world.open(), world.suite)
    expect(first.block.session.isNative(address)).toBe(false)
    first.contract(bench, 'box()')
    expect(first.block.session.isNative(address)).toBe(true)
    expect(world.open().session.isNative(address)).toBe(false)
  })

  it('is refused as an object of another kind, or where there is none', async () => {
    const calls = await benchCalls()
    const box = `0x${calls.open(bench, 'box()')}`
    const failed = { failed: 'PrecompiledError' }
    expect(calls.contract(bench, 'peekOther(address)', [box])).toEqual(failed)
    expect(calls.contract(bench, 'peek(address)', [`0x${BENCH}`])).toEqual(failed)
    expect(calls.contract(bench, 'peek(address)', [`0x${'00'.repeat(20)}`])).toEqual(failed)
  })
})

function isMemory(step: string): step is `mem=${number}` {
  return step.startsWith('mem=')
}

describe('gas', () => {
  const { standard, freeStorage, memoryOnly } = ruleVectors.gas

  it.each([
    ['standard', STANDARD_PRICES, standard],
    ['free storage', FREE_STORAGE_PRICES, freeStorage],
  ] as const)('adds up as in the reference: %s', (_name, prices, steps) => {
    const meter = new GasMeter(prices)
    for (const [step, total] of steps) {
      if (isMemory(step)) meter.growMemory(Number(step.slice('mem='.length)))
      else meter.charge(step)
      expect([step, meter.total()]).toEqual([step, total])
    }
  })

  it.each(memoryOnly)('of $bytes bytes is $gas', ({ bytes, gas }) => {
    expect(memoryGas(bytes)).toBe(gas)
  })

  it('counts the peak of memory, which an update may lower', () => {
    const meter = new GasMeter(STANDARD_PRICES)
    meter.growMemory(64)
    meter.growMemory(32)
    expect(meter.total()).toBe(6)
    meter.setMemory(1)
    expect(meter.total()).toBe(3)
  })

  it('is charged for declared operations, output, and what the contract adds', async () => {
    const calls = await benchCalls()
    expect(calls.raw(BENCH, calls.input('box()'))).toMatchObject({ gas: 203 })
    expect(calls.raw(BENCH, calls.input('own(uint256)', [41]))).toMatchObject({ gas: 41 })
  })
})

describe('critical fields', () => {
  it('carry the address of the contract', async () => {
    const { block, ...calls } = await benchCalls()
    expect(calls).toEqual({})
    const input = new Calls(block, (await new World().start()).suite).input('parallel(string)', [
      'u',
    ])
    expect(block.session.criticalFields(BENCH, input)).toEqual([`u${BENCH}`, `all${BENCH}`])
  })

  it('are those of everything where nothing is declared, and none where nothing is called', async () => {
    const calls = await benchCalls()
    const { session } = calls.block
    expect(session.criticalFields(BENCH, calls.input('nothing()'))).toBeUndefined()
    expect(session.criticalFields(BENCH, new Uint8Array(3))).toEqual([])
    expect(session.criticalFields(nativeAddress(0x1000), calls.input('nothing()'))).toBeUndefined()
    const box = calls.open(bench, 'box()')
    expect(session.criticalFields(box, new Uint8Array(4))).toBeUndefined()
  })
})

import { EMPTY_BYTES, fromHex, toHex } from '@bcos-ts/common'
import { sm3, standardSuite } from '@bcos-ts/crypto'
import { createInterpreter } from '@bcos-ts/evm-adapter'
import type {
  NestedResult,
  VirtualMachine,
  VmCode,
  VmHost,
  VmMessage,
  VmResult,
} from '@bcos-ts/protocol/ports'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM } from '@ethereumjs/evm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const SELF = '11'.repeat(20)
const CALLER = '22'.repeat(20)

/** The world around a frame, and what becomes of the calls it makes. */
interface TestHost extends VmHost {
  readonly slots: Map<bigint, bigint>
  readonly enter: (message: VmMessage) => NestedResult
}

/** A world of one contract without code elsewhere. */
function createHost(over: Partial<TestHost> = {}): TestHost {
  const slots = new Map<bigint, bigint>()
  return {
    slots,
    context: {
      origin: CALLER,
      gasPrice: 1n,
      blockNumber: 7,
      timestamp: 1_600_000_000_000n,
      gasLimit: 0n,
    },
    getStorage: (_, slot) => slots.get(slot) ?? 0n,
    mayWriteStorage: () => true,
    setStorage: (_, slot, value) => void slots.set(slot, value),
    getBalance: () => 0n,
    getCodeSize: () => 0,
    getCode: () => EMPTY_BYTES,
    getCodeHash: () => undefined,
    getBlockHash: () => undefined,
    emitLog: () => {},
    addRefund: () => {},
    selfDestruct: () => {},
    enter: (message): NestedResult => ({
      isSuccess: false,
      gasLeft: message.gas,
      returnData: EMPTY_BYTES,
    }),
    ...over,
  }
}

const interpreting = createInterpreter({ hash: standardSuite.hash, compileAfter: Infinity })
const compiling = createInterpreter({ hash: standardSuite.hash, compileAfter: 0 })

/** Runs a frame to its end. */
function runFrame(
  code: VmCode,
  message: VmMessage,
  host: TestHost,
  engine: VirtualMachine,
): VmResult {
  const frame = engine.start(code, message, host)
  for (;;) {
    const turn = frame.run()
    if (turn.type === 'end') return turn.result
    frame.resume(host.enter(turn.message))
  }
}

type Run = (code: string, over?: Partial<VmMessage>, host?: TestHost) => VmResult

function runInterpreted(
  code: string,
  over: Partial<VmMessage> = {},
  host = createHost(),
): VmResult {
  const bytes = fromHex(code.replaceAll(' ', ''))
  return runFrame({ bytes }, messageOf(over), host, interpreting)
}

/** In worlds of its own the code becomes hot first; what counts runs as JavaScript. */
function runCompiled(code: string, over: Partial<VmMessage> = {}, host = createHost()): VmResult {
  const bytes = fromHex(code.replaceAll(' ', ''))
  for (let i = 0; i < 2; i++) {
    runFrame({ bytes, hash: code }, messageOf({ gas: 1_000_000 }), createHost(), compiling)
  }
  return runFrame({ bytes, hash: code }, messageOf(over), host, compiling)
}

function messageOf(over: Partial<VmMessage>): VmMessage {
  return {
    kind: 'call',
    isStatic: false,
    depth: 0,
    gas: 100_000,
    sender: CALLER,
    recipient: SELF,
    codeAddress: SELF,
    value: 0n,
    data: EMPTY_BYTES,
    ...over,
  }
}

const WAYS: readonly (readonly [string, Run])[] = [
  ['interpreted', runInterpreted],
  ['as JavaScript', runCompiled],
]

const push = (value: bigint): string => `7f${value.toString(16).padStart(64, '0')}`
/** Stores the value on top of the stack at 0 and returns the first word. */
const RETURN_TOP = '6000 52 6020 6000 f3'

describe('a program with enough gas', async () => {
  const evm = await createEVM({
    common: new Common({ chain: Mainnet, hardfork: Hardfork.Istanbul }),
  })

  const interesting = fc.oneof(
    fc.constantFrom(0n, 1n, 2n, 31n, 32n, 255n, 256n, 2n ** 255n, 2n ** 255n - 1n, 2n ** 256n - 1n),
    fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    fc.bigInt({ min: 0n, max: 300n }),
  )
  const OPERATIONS =
    '01 02 03 04 05 06 07 08 09 0a 0b 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 80 81 82 90 91 50'.split(
      ' ',
    )
  const statement = fc.oneof(
    interesting.map(push),
    fc.constantFrom(...OPERATIONS),
    // Memory: write, read and hash within the first few hundred bytes.
    fc.nat(300).map((at) => `61${at.toString(16).padStart(4, '0')}52`),
    fc.nat(300).map((at) => `61${at.toString(16).padStart(4, '0')}51`),
    fc.nat(300).map((at) => `61${at.toString(16).padStart(4, '0')}53`),
    fc.tuple(fc.nat(90), fc.nat(90)).map(([at, size]) => `60${hex(size)}60${hex(at)}20`),
    // Call data and code.
    fc.nat(90).map((at) => `60${hex(at)}35`),
    fc
      .tuple(fc.nat(90), fc.nat(90), fc.nat(90))
      .map(([to, from, size]) => `60${hex(size)}60${hex(from)}60${hex(to)}37`),
    fc
      .tuple(fc.nat(90), fc.nat(90), fc.nat(90))
      .map(([to, from, size]) => `60${hex(size)}60${hex(from)}60${hex(to)}39`),
    fc.constantFrom('36', '38', '59', '3d', '5b'),
  )
  const hex = (byte: number): string => byte.toString(16).padStart(2, '0')
  const program = fc
    .array(statement, { minLength: 1, maxLength: 40 })
    .map((parts) => `${push(3n)}${push(5n)}${push(7n)}${parts.join('')}6000526101406000f3`)

  it('ends as in the reference engine, with the same output and gas', async () => {
    await fc.assert(
      fc.asyncProperty(program, fc.uint8Array({ maxLength: 100 }), async (code, data) => {
        const theirs = await evm.runCode({ code: fromHex(code), data, gasLimit: 10_000_000n })
        const ours = runInterpreted(code, { data, gas: 10_000_000 })
        const failure = theirs.exceptionError?.error
        // What a failure costs differs on purpose; that both fail, and both succeed, must not.
        expect(ours.status === 'success', `${failure}`).toBe(failure === undefined)
        expect(toHex(ours.output)).toBe(failure === undefined ? toHex(theirs.returnValue) : '')
        const used = failure === undefined ? 10_000_000 - ours.gasLeft : undefined
        expect(used).toBe(failure === undefined ? Number(theirs.executionGasUsed) : undefined)
      }),
      { numRuns: 1500 },
    )
  })
})

describe.each(WAYS)('a contract %s', (_way, run) => {
  describe('gas of a basic block', () => {
    it('is taken on entry: an invalid opcode behind work that cannot be paid is out of gas', () => {
      expect(run('6001 6001 01 fe', { gas: 8 }).status).toBe('outOfGas')
      expect(run('6001 6001 01 fe', { gas: 9 }).status).toBe('badInstruction')
    })

    it('counts what stands behind an invalid opcode too', () => {
      expect(run('fe 6001 6001 01', { gas: 8 }).status).toBe('outOfGas')
    })

    it('is checked before the stack, and underflow before overflow', () => {
      expect(run('01', { gas: 2 }).status).toBe('outOfGas')
      expect(run('01', { gas: 3 }).status).toBe('stackUnderflow')
      expect(run('6001'.repeat(1025)).status).toBe('stackOverflow')
      expect(run('6001'.repeat(1024)).status).toBe('success')
    })

    it('gives GAS what is left at that very instruction', () => {
      // PUSH1, POP, GAS cost 3 + 2 + 2; what stands behind is not taken off.
      const { output } = run(`6001 50 5a ${RETURN_TOP}`, { gas: 1000 })
      expect(BigInt(`0x${toHex(output)}`)).toBe(993n)
    })

    it('begins anew behind a jump, and at every JUMPDEST', () => {
      // 0: PUSH1 5, JUMP; 3: two invalid opcodes; 5: JUMPDEST, STOP.
      expect(run('6005 56 fe fe 5b 00', { gas: 12 }).gasLeft).toBe(0)
      expect(run('6005 56 fe fe 5b 00', { gas: 11 }).status).toBe('outOfGas')
      expect(run('6004 56 fe fe 5b 00').status).toBe('badJump')
      expect(run(`${push(2n ** 255n)} 56`).status).toBe('badJump')
      // A JUMPDEST inside push data is none.
      expect(run('6004 56 605b 00').status).toBe('badJump')
    })
  })

  describe('storage', () => {
    it('costs by what the slot holds now, and refunds a slot that is cleared', () => {
      let refunds = 0
      const host = createHost({ addRefund: (gas) => void (refunds += gas) })
      const cost = (value: number): number =>
        100_000 - run(`60${value.toString(16).padStart(2, '0')} 6001 55`, {}, host).gasLeft - 6
      expect(cost(5)).toBe(20_000)
      expect(cost(5)).toBe(800)
      expect(cost(6)).toBe(5000)
      expect(refunds).toBe(0)
      expect(cost(0)).toBe(5000)
      expect(refunds).toBe(15_000)
      expect(run('6001 54', {}, host).gasLeft).toBe(100_000 - 3 - 200)
    })

    it('needs more than 2300 gas to be written at all', () => {
      expect(run('6001 6001 55', { gas: 2306 }).status).toBe('outOfGas')
      const host = createHost()
      host.slots.set(1n, 1n)
      expect(run('6001 6001 55', { gas: 2307 }, host).status).toBe('success')
    })

    it('ends the frame when the origin may not write', () => {
      const host = createHost({ mayWriteStorage: () => false })
      expect(run('6001 6001 55', {}, host)).toMatchObject({
        status: 'permissionDenied',
        gasLeft: 0,
      })
      expect(host.slots.size).toBe(0)
    })
  })

  describe('what a static frame may not do', () => {
    it.each([
      ['SSTORE', '6001 6001 55'],
      ['LOG0', '6000 6000 a0'],
      ['CREATE', '6000 6000 6000 f0'],
      ['CREATE2', '6000 6000 6000 6000 f5'],
      ['SELFDESTRUCT', '6000 ff'],
      ['CALL with a value', '6000 6000 6000 6000 6001 6000 6000 f1'],
    ])('%s', (_, code) => {
      expect(run(code, { isStatic: true }).status).toBe('staticViolation')
    })
  })

  describe('calls', () => {
    const CALL = '6020 6000 6004 601c 6000 60aa 61ffff f1'

    it('pass on what was asked, but never the last 64th, and take back what is left', () => {
      const seen: VmMessage[] = []
      const host = createHost({
        enter: (message) => {
          seen.push(message)
          return { isSuccess: true, gasLeft: 100, returnData: fromHex('01'.repeat(40)) }
        },
      })
      const result = run(`${push(0x12345678n)} 6000 52 ${CALL} 3d 01 ${RETURN_TOP}`, {}, host)
      expect(seen).toHaveLength(1)
      expect(seen[0]).toMatchObject({
        kind: 'call',
        depth: 1,
        gas: 65_535,
        sender: SELF,
        recipient: `${'00'.repeat(19)}aa`,
        value: 0n,
      })
      expect(toHex(seen[0]!.data)).toBe('12345678')
      expect(BigInt(`0x${toHex(result.output)}`)).toBe(41n)
      const small = createHost({
        enter: (message) => {
          seen.push(message)
          return { isSuccess: true, gasLeft: 0, returnData: EMPTY_BYTES }
        },
      })
      const { gasLeft } = run(CALL, { gas: 6400 + 724 }, small)
      expect(seen[1]?.gas).toBe(6400 - 100)
      expect(gasLeft).toBe(100)
    })

    it('keep caller and value in DELEGATECALL, and make everything below STATICCALL static', () => {
      const seen: VmMessage[] = []
      const host = createHost({
        enter: (message) => {
          seen.push(message)
          return { isSuccess: true, gasLeft: message.gas, returnData: EMPTY_BYTES }
        },
      })
      run('6000 6000 6000 6000 60aa 61ffff f4', { value: 9n }, host)
      run('6000 6000 6000 6000 60aa 61ffff fa', {}, host)
      run('6000 6000 6000 6000 6000 60aa 61ffff f2', {}, host)
      expect(seen[0]).toMatchObject({
        kind: 'delegatecall',
        sender: CALLER,
        recipient: SELF,
        value: 9n,
      })
      expect(seen[1]).toMatchObject({ kind: 'staticcall', isStatic: true, sender: SELF })
      expect(seen[2]).toMatchObject({
        kind: 'callcode',
        recipient: SELF,
        codeAddress: `${'00'.repeat(19)}aa`,
      })
    })

    it('fail at once with a value, for nobody owns anything, and leave the surcharge less the stipend', () => {
      const { gasLeft, status } = run('6000 6000 6000 6000 6001 60aa 61ffff f1')
      expect(status).toBe('success')
      expect(gasLeft).toBe(100_000 - 21 - 700 - 9000 + 2300)
    })

    it('end at depth 1024 with 0 on the stack', () => {
      const host = createHost({
        enter: () => {
          throw new Error('must not be entered')
        },
      })
      const { output } = run(`${CALL} ${RETURN_TOP}`, { depth: 1024 }, host)
      expect(toHex(output)).toBe('00'.repeat(32))
    })
  })

  describe('return data', () => {
    it('may not be read past its end', () => {
      expect(run('6001 6000 6000 3e').status).toBe('invalidMemoryAccess')
      expect(run('6000 6001 6000 3e').status).toBe('invalidMemoryAccess')
      expect(run('6000 6000 6000 3e').status).toBe('success')
    })
  })

  describe('memory', () => {
    it.each([
      ['an offset beyond 2^32', `6001 ${push(2n ** 32n)} 52`],
      ['a size beyond 2^32', `${push(2n ** 32n)} 6000 20`],
      ['an offset of 2^256 - 1', `6001 ${push(2n ** 256n - 1n)} 53`],
      ['a size that gas cannot pay', '63ffffffff 6000 f3'],
    ])('is out of gas for %s, and allocates nothing', (_, code) => {
      expect(run(code, { gas: 2 ** 40 }).status).toBe('outOfGas')
    })
  })

  describe('environment', () => {
    const valueOf = (code: string): bigint =>
      BigInt(`0x${toHex(run(`${code}${RETURN_TOP}`).output)}`)

    it('shows milliseconds, and zero for what the chain does not have', () => {
      expect(valueOf('42')).toBe(1_600_000_000_000n)
      expect(valueOf('43')).toBe(7n)
      for (const opcode of ['41', '44', '45', '46', '47']) expect(valueOf(opcode)).toBe(0n)
      expect(valueOf('33')).toBe(BigInt(`0x${CALLER}`))
    })

    it('hashes with the hash of the suite', () => {
      const guomi = createInterpreter({ hash: sm3 })
      const code = fromHex(`60006000 20 ${RETURN_TOP}`.replaceAll(' ', ''))
      const { output } = runFrame({ bytes: code }, messageOf({}), createHost(), guomi)
      expect(toHex(output)).toBe('1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b')
    })
  })
})

import { EMPTY_BYTES, fromHex, toHex, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { createInterpreter } from '@bcos-ts/evm-adapter'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { emptyTables, World } from './world.ts'

const CONTRACT = 'aa'.repeat(20)

async function worldWith(code: string, compileAfter: number): Promise<World> {
  const vm = createInterpreter({ hash: standardSuite.hash, compileAfter })
  const world = new World(await emptyTables(), { vm })
  world.setCode(CONTRACT, fromHex(code.replaceAll(' ', '')))
  return world
}

/** Counts down from 5000 with SUB, and returns the last number. */
const COUNTDOWN = '611388 5b 6001 90 03 80 6003 57 6000 52 6020 6000 f3'

afterEach(() => void vi.unstubAllGlobals())

describe('hot code', () => {
  it('becomes JavaScript while it runs, and costs the same', async () => {
    const interpreted = (await worldWith(COUNTDOWN, Infinity)).call(CONTRACT, EMPTY_BYTES)
    const compiled = (await worldWith(COUNTDOWN, 100)).call(CONTRACT, EMPTY_BYTES)
    expect(interpreted.status).toBe('success')
    expect(compiled).toEqual(interpreted)
  })

  it('is interpreted on where the platform makes no code of text', async () => {
    const expected = (await worldWith(COUNTDOWN, Infinity)).call(CONTRACT, EMPTY_BYTES)
    vi.stubGlobal('Function', function refuse() {
      throw new EvalError('refused by the policy of this page')
    })
    expect((await worldWith(COUNTDOWN, 0)).call(CONTRACT, EMPTY_BYTES)).toEqual(expected)
  })

  it.each([
    ['additions on one another', `6001 ${'6001 01'.repeat(20_000)}`],
    ['words on the stack', `${'6001'.repeat(1000)} ${'01'.repeat(999)}`],
    ['tests on one another', `6001 ${'15'.repeat(30_000)}`],
    ['values that nobody uses', `${'36 6001 01 50'.repeat(10_000)} 6001`],
    ['writes to unknown places', `${'36 36 52'.repeat(3000)} 6001`],
    ['small blocks', `${'5b 36 50'.repeat(5000)} 6001`],
  ])('may be long: %s', async (_, code) => {
    const text = `${code} 6000 52 6020 6000 f3`
    const expected = (await worldWith(text, Infinity)).call(CONTRACT, EMPTY_BYTES)
    expect(expected.status).toBe('success')
    const world = await worldWith(text, 0)
    for (let i = 0; i < 3; i++) expect(world.call(CONTRACT, EMPTY_BYTES)).toEqual(expected)
  })

  it('takes no name or text from a contract into its source', async () => {
    // Push data and call data that would end a string or a statement.
    const evil = toHex(utf8('");process.exit(1)//`${x}`'))
    const text = `7f${evil.padEnd(64, '0')} 6000 52 6020 6000 f3`
    const world = await worldWith(text, 0)
    for (let i = 0; i < 3; i++) {
      expect(toHex(world.call(CONTRACT, EMPTY_BYTES).output)).toBe(evil.padEnd(64, '0'))
    }
  })
})

describe('numbers at the border between two forms', () => {
  const word = (value: bigint): string => `7f${value.toString(16).padStart(64, '0')}`
  const BORDER = [2n ** 53n - 2n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 256n - 1n]
  const wrap = (value: bigint): bigint => BigInt.asUintN(256, value)
  const OPERATIONS: readonly (readonly [string, (a: bigint, b: bigint) => bigint])[] = [
    ['01', (a, b) => wrap(a + b)],
    ['02', (a, b) => wrap(a * b)],
    ['03', (a, b) => wrap(a - b)],
    ['04', (a, b) => a / b],
    ['06', (a, b) => a % b],
    ['10', (a, b) => (a < b ? 1n : 0n)],
    ['14', (a, b) => (a === b ? 1n : 0n)],
    ['16', (a, b) => a & b],
    ['17', (a, b) => a | b],
    ['18', (a, b) => a ^ b],
  ]

  it.each([Infinity, 0])('compute as 256-bit words (compiled after %s)', async (compileAfter) => {
    for (const [opcode, compute] of OPERATIONS) {
      for (const a of BORDER) {
        for (const b of BORDER) {
          // Both words come as call data, so that nothing is known of them when the code is compiled.
          const world = await worldWith(
            `6020 35 6000 35 ${opcode} 6000 52 6020 6000 f3`,
            compileAfter,
          )
          const data = fromHex(word(a).slice(2) + word(b).slice(2))
          world.call(CONTRACT, data)
          const { output } = world.call(CONTRACT, data)
          expect(BigInt(`0x${toHex(output)}`), `${opcode} ${a} ${b}`).toBe(compute(a, b))
        }
      }
    }
  })
})

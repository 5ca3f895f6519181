import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { nativeAddress, solidityOf } from '../src/index.ts'
import { ALICE, BOB, Calls } from './calls.ts'
import { counter } from './counter.ts'
import { World } from './world.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

describe('the contract of the README', () => {
  let world: World
  let calls: Calls

  beforeEach(async () => {
    world = await new World({ extensions: [counter] }).start()
    calls = new Calls(world.open(), world.suite)
  })

  it('is the one tested here, with its Solidity text', () => {
    const readme = read('../README.md')
    expect(readme).toContain(read('./counter.ts'))
    expect(readme).toContain(solidityOf(counter).slice(solidityOf(counter).indexOf('///')))
  })

  it('counts, with gas and critical fields', () => {
    expect(calls.contract(counter, 'add(string,uint256)', ['a', 2])).toBe(2)
    expect(calls.contract(counter, 'add(string,uint256)', ['a', 3])).toBe(5)
    expect(calls.contract(counter, 'add(string,uint256)', ['b', 1])).toBe(1)
    const address = nativeAddress(counter.address)
    const input = calls.input('add(string,uint256)', ['a', 1])
    expect(calls.raw(address, input)).toMatchObject({ gas: 200 + 200 + 10_000 + 15 })
    expect(calls.block.session.criticalFields(address, input)).toEqual([`a${address}`])
  })

  it('refuses who may not write its table', async () => {
    await world.block((block) => {
      calls = new Calls(block, world.suite)
      calls.contract(counter, 'add(string,uint256)', ['a', 2])
      const fields = { address: `0x${BOB}`, enable_num: '0' }
      block.seed({ table: '_sys_table_access_', key: 'u_counter', fields })
    })
    calls = new Calls(world.open(), world.suite)
    const answer = calls.contract(counter, 'add(string,uint256)', ['a', 1], { origin: ALICE })
    expect(answer).toEqual({ failed: 'this counter is not yours' })
  })
})

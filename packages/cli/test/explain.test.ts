import { describe, expect, it } from 'vitest'
import { bcosTs } from './support.ts'

describe('bcos-ts explain', () => {
  it.each([
    ['CONFIG_SYNTAX', 'CONFIG_SYNTAX'],
    ['config-syntax', 'CONFIG_SYNTAX'],
    ['-40011', 'RPC_OVER_LIMIT'],
    ['0x16', 'STATUS_REVERT_INSTRUCTION'],
    ['22', 'STATUS_REVERT_INSTRUCTION'],
    ['RevertInstruction', 'STATUS_REVERT_INSTRUCTION'],
    ['-50000', 'NATIVE_NO_AUTHORIZED'],
    ['10000', 'STATUS_ALREADY_KNOWN'],
    ['103', 'AMOP_OVER_BANDWIDTH'],
    ['-41006', 'EVENT_NOT_ALLOWED'],
    ['0xe', 'GROUP_NOT_DELETED'],
  ])('tells the story of %s', async (query, code) => {
    const { exitCode, out, err } = await bcosTs(['explain', query])
    expect([exitCode, err]).toEqual([0, ''])
    expect(out).toContain(`${code}\n`)
    for (const heading of ['Cause', 'Evidence', 'Remedy']) expect(out).toContain(heading)
  })

  it('tells every story of a number that several have', async () => {
    const { out } = await bcosTs(['explain', '-40009'])
    expect(out).toContain('RPC_NOT_A_MEMBER')
    expect(out).toContain('RPC_WRONG_CONSENSUS')
  })

  it.each([
    ['CONFIG_SYNTX', 'CONFIG_SYNTAX'],
    ['RPC_OVERLIMT', 'RPC_OVER_LIMIT'],
    ['RevertInstrction', 'STATUS_REVERT_INSTRUCTION'],
  ])('names what is written like %s', async (query, near) => {
    const { exitCode, err } = await bcosTs(['explain', query])
    expect(exitCode).toBe(2)
    expect(err).toContain(near)
    expect(err).toMatch(/is not known; near it are \w+, \w+, \w+/)
  })

  it('lists all without a code, and refuses a text that no code can be', async () => {
    const { exitCode, out } = await bcosTs(['explain'])
    expect(exitCode).toBe(0)
    expect(out).toContain('RPC_OVER_LIMIT  -40011')
    expect(out).toContain('STATUS_OUT_OF_GAS  12 (0xc)')
    expect(out.split('\n').length).toBeGreaterThan(200)
    expect((await bcosTs(['explain', 'x'.repeat(100_000)])).exitCode).toBe(2)
    expect((await bcosTs(['explain', '0x'])).exitCode).toBe(2)
  })
})

import { standardSuite } from '@bcos-ts/crypto'
import { describe, expect, it } from 'vitest'
import { bondOf, boundTimestamp, prepareBond, viewChangeBond, voteBond } from './bond.ts'

const NOW_MS = 1_600_000_000_000
const hashes = { proposal: '11'.repeat(32), executed: '22'.repeat(32) }

describe('bound timestamps', () => {
  it('carry clock and meaning', () => {
    const bond = voteBond('sign', hashes, standardSuite)
    const timestamp = boundTimestamp(NOW_MS, bond)
    expect(bondOf(timestamp)).toBe(bond)
    expect(timestamp % 2n ** 64n).toBe(BigInt(NOW_MS))
    expect(timestamp < 2n ** 256n).toBe(true)
  })

  it('tell every kind of message and every block apart', () => {
    const other = { ...hashes, proposal: '33'.repeat(32) }
    const bonds = [
      voteBond('sign', hashes, standardSuite),
      voteBond('commit', hashes, standardSuite),
      voteBond('sign', other, standardSuite),
      prepareBond(hashes.proposal, standardSuite),
      viewChangeBond(hashes.proposal, standardSuite),
    ]
    expect(new Set(bonds).size).toBe(bonds.length)
  })

  it('leave the plain clock of the reference without a bond', () => {
    expect(bondOf(boundTimestamp(NOW_MS, undefined))).toBeUndefined()
    expect(boundTimestamp(NOW_MS, undefined)).toBe(BigInt(NOW_MS))
  })

  it('keep leading zeros of a bond', () => {
    const bond = `${'00'.repeat(3)}${'ab'.repeat(21)}`
    expect(bondOf(boundTimestamp(NOW_MS, bond))).toBe(bond)
  })
})

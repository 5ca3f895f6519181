import { fromHex, toHex } from '@bcos-ts/common'
import { encodeTransactionList, splitTransactionList } from '@bcos-ts/protocol'
import { describe, expect, it } from 'vitest'

const two = fromHex('02000000000000000400000007000000c3010203c20405')

describe('container of transactions', () => {
  it('has little-endian counters (vector txs-parallel-format)', () => {
    const parts = [{ raw: fromHex('c3010203') }, { raw: fromHex('c20405') }]
    expect(toHex(encodeTransactionList(parts))).toBe(toHex(two))
    expect(splitTransactionList(two).map(toHex)).toEqual(['c3010203', 'c20405'])
  })

  it('is refused when it holds more than allowed, whatever its offsets say', () => {
    expect(splitTransactionList(two, 2)).toHaveLength(2)
    expect(() => splitTransactionList(two, 1)).toThrow('2 transactions, 1 allowed')
    const claim = new Uint8Array(6_000_000)
    new DataView(claim.buffer).setUint32(0, 1_400_000, true)
    expect(() => splitTransactionList(claim)).toThrow('1400000 transactions, 1048576 allowed')
  })
})

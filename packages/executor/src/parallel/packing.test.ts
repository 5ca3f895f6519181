import { ZERO_HASH } from '@bcos-ts/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packJob, packReport, unpackJob, unpackReport } from './lane-job.ts'

const text = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
  maxLength: 90,
})
const bytes = fc.uint8Array({ maxLength: 300 })
const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const wide = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((one) => [...one].map((byte) => byte.toString(16).padStart(2, '0')).join(''))

const row = fc.record({
  key: text,
  id: count,
  index: fc.nat(),
  fields: fc.array(fc.tuple(text, text)).map((fields) => new Map(fields)),
  isRemoved: fc.boolean(),
  isDiscarded: fc.boolean(),
  replacesKey: fc.boolean(),
  isUpdated: fc.boolean(),
})
const change = fc.record({
  name: text,
  keyField: text,
  valueFields: fc.array(text),
  isHashed: fc.boolean(),
  accessList: fc.array(address),
  isFlagged: fc.boolean(),
  rows: fc.array(row),
})
const transaction = fc.record({
  origin: address,
  to: fc.option(address, { nil: undefined }),
  value: wide,
  data: bytes,
  gas: wide,
  gasPrice: wide,
  isSigned: fc.constant(true),
})
const result = fc.record({
  index: fc.nat(),
  receipt: fc.record({
    stateRoot: fc.constant(ZERO_HASH),
    gasUsed: wide,
    contractAddress: address,
    logBloom: fc.uint8Array({ minLength: 256, maxLength: 256 }),
    status: fc.nat(),
    output: bytes,
    remainGas: wide,
    logs: fc.array(
      fc.record({
        address,
        topics: fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 4 }),
        data: bytes,
      }),
    ),
  }),
  cells: fc.array(
    fc.record({ cell: text, isWritten: fc.boolean(), seen: fc.integer({ min: -1, max: 9 }) }),
  ),
  changes: fc.array(change),
})

describe('what travels between threads', () => {
  it('arrives as it was, a job with the state before it', () => {
    const job = fc.record({
      header: fc.record({ number: count, timestamp: wide, gasLimit: wide }),
      parentNumber: count,
      parentHash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      changes: fc.array(change),
    })
    const segment = fc.record({
      units: fc.array(fc.array(fc.nat())),
      transactions: fc.array(fc.tuple(fc.nat(), transaction)).map((list) => new Map(list)),
    })
    fc.assert(
      fc.property(job, segment, (block, { units, transactions }) => {
        const packed = packJob(block, { units, transactions })
        expect(unpackJob(packed)).toEqual({ block, units, transactions })
      }),
    )
  })

  it('arrives as it was, a report with all its receipts and rows', () => {
    const report = fc.record({ results: fc.array(result), refused: fc.array(fc.nat()) })
    fc.assert(
      fc.property(report, (one) => {
        expect(unpackReport(packReport(one))).toEqual(one)
      }),
    )
  })
})

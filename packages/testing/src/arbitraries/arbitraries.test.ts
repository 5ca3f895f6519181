import {
  decodeBlock,
  decodeList,
  decodeReceipt,
  decodeTransaction,
  encodeBlock,
  encodeReceipt,
} from '@bcos-ts/protocol'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSimulatedSuite } from '../simulator/suite.ts'
import { anyBlock, anyReceipt, anyTransaction } from './index.ts'

const suite = createSimulatedSuite()

describe('what the generators make', () => {
  it('transactions: signed by somebody, and readable again', () => {
    fc.assert(
      fc.property(anyTransaction(suite), (transaction) => {
        expect(transaction.sender(suite)).toMatch(/^[0-9a-f]{40}$/)
        const again = decodeTransaction(transaction.raw, suite)
        expect(again.hashText).toBe(transaction.hashText)
        expect(again.nonce).toBe(transaction.nonce)
      }),
    )
  })

  it('receipts: readable again', () => {
    fc.assert(
      fc.property(anyReceipt(), (receipt) => {
        expect(decodeReceipt(decodeList(encodeReceipt(receipt)))).toEqual(receipt)
      }),
    )
  })

  it('blocks: readable again', () => {
    fc.assert(
      fc.property(anyBlock(suite), (block) => {
        const { block: again } = decodeBlock(encodeBlock(block, suite), suite)
        expect(again.header).toEqual(block.header)
        expect(again.receipts).toEqual(block.receipts)
        expect(again.signatures).toEqual(block.signatures)
        const raw = (one: typeof block): Uint8Array[] => one.transactions.map((tx) => tx.raw)
        expect(raw(again)).toEqual(raw(block))
      }),
      { numRuns: 50 },
    )
  })
})

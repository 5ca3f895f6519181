import { join } from 'node:path'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { chainContracts, openRecordings, replay } from '@bcos-ts/node'
import { describe, expect, it } from 'vitest'

const RECORDINGS = join(import.meta.dirname, '..', 'vectors', 'recordings')

/** Transactions to contracts that this release does not offer, by their labels in the recordings. */
const NOT_OFFERED = /: (?:Paillier|RingSig|GroupSig|WorkingSealer rotate by user)/

const suites = await createNodeSuites()
const components = { suites, ...chainContracts(suites) }

describe('a chain recorded from a real node', () => {
  it.each([
    ['chain4', 420],
    ['gov1', 152],
    ['rpbft4', 36],
    ['groups', 3],
    ['guomi', 139],
    ['freestorage', 145],
  ])('%s replays to the last byte of blocks, receipts and rows', async (name, blockCount) => {
    for (const recording of openRecordings(join(RECORDINGS, name))) {
      const report = await replay(recording, components)
      const unexpected = report.differentReceipts.filter((label) => !NOT_OFFERED.test(label))
      expect(unexpected).toEqual([])
      const excused = report.differentReceipts.length
      expect(report.blocks).toEqual({ equal: blockCount - excused, different: excused })
      expect(report.rows.different).toBe(0)
      expect(report.rows.equal).toBeGreaterThan(20)
    }
  })
})

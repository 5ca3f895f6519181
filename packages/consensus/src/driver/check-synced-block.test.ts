import { toHex } from '@bcos-ts/common'
import { type Block, hashHeader } from '@bcos-ts/protocol'
import { createSimulatedSuite } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import { proposalNamed } from '../../test/scenario.ts'
import { committeeOf } from '../committee.ts'
import { checkSyncedBlock } from './check-synced-block.ts'

const suite = createSimulatedSuite()
const identities = Array.from({ length: 4 }, (_, index) => {
  const keys = suite.keyPair(new Uint8Array(32).fill(index + 1))
  return { keys, nodeId: toHex(keys.publicKey) }
}).toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
const sealers = identities.map(({ nodeId }) => nodeId)
const committee = committeeOf({ sealers, workingSealers: sealers }, '')
const terms = { committee, txCountLimit: 1000, suite }
const { block: unsigned } = proposalNamed('A')
const header = { ...unsigned.header, sealerList: sealers }
const hash = hashHeader(header, suite)

const signed = (index: number) => {
  const identity = identities[index]
  if (identity === undefined) throw new RangeError('no such sealer')
  return { index, signature: suite.sign(hash, identity.keys) }
}
const withSigners = (...signatures: Block['signatures']): Block => ({
  ...unsigned,
  header,
  signatures,
})
const check = (block: Block): string | undefined => checkSyncedBlock(block, hash, terms).refusal

describe('a block that came by synchronisation (spec 04 §6.8)', () => {
  it('needs a quorum of distinct sealers', () => {
    expect(check(withSigners(signed(0), signed(1), signed(3)))).toBeUndefined()
    expect(check(withSigners(signed(0), signed(1)))).toBe('2 good signatures, 3 are needed')
    expect(check(withSigners(signed(0), signed(0), signed(0), signed(0)))).toMatch(/^1 good/)
  })

  it('does not mind surplus, doubled or bad entries beside a quorum', () => {
    const bad = { index: 2, signature: new Uint8Array(65) }
    const unknown = { ...signed(0), index: 9 }
    const block = withSigners(bad, unknown, signed(0), signed(0), signed(1), signed(3))
    expect(checkSyncedBlock(block, hash, terms)).toEqual({
      signatures: [signed(0), signed(1), signed(3)],
      isDecided: false,
    })
  })

  it('does not count a signature of one sealer for another', () => {
    const foreign = { ...signed(0), index: 1 }
    expect(check(withSigners(signed(0), foreign, signed(3)))).toMatch(/^2 good/)
  })

  it('must name the sealers in force and one of them as its sealer', () => {
    const quorum = [signed(0), signed(1), signed(2)]
    const of = (change: Partial<typeof header>): string | undefined => {
      const changed = { ...header, ...change }
      const block = { ...unsigned, header: changed, signatures: quorum }
      return checkSyncedBlock(block, hashHeader(changed, suite), terms).refusal
    }
    expect(of({ sealerList: sealers.slice(1) })).toMatch(/sealer list/)
    expect(of({ sealer: 4n })).toMatch(/sealer 4/)
    expect(of({ sealer: 2n ** 256n - 1n })).toMatch(/not a working one/)
  })

  it('must have the hash it comes with, and no more transactions than allowed', () => {
    const block = withSigners(signed(0), signed(1), signed(2))
    expect(checkSyncedBlock(block, new Uint8Array(32), terms).refusal).toMatch(/hash/)
    const none = { ...terms, txCountLimit: -1 }
    expect(checkSyncedBlock(block, hash, none).refusal).toMatch(/above the limit/)
  })
})

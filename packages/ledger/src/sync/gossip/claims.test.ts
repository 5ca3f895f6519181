import { silentLogger } from '@bcos-ts/common'
import { guomiSuite, inlineSignatureBatches, standardSuite } from '@bcos-ts/crypto'
import { describe, expect, it } from 'vitest'
import { claimantOf, signerAt, SignerClaims } from './claims.ts'

const shared = { clock: { nowMs: () => 0 }, logger: silentLogger }
const claimant = claimantOf('ab', 3)

describe('claims of signers', () => {
  it('are believed until one is false', () => {
    const signatures = inlineSignatureBatches(standardSuite)
    const claims = new SignerClaims({ ...shared, suite: standardSuite, signatures })
    expect(claims.believes(claimant)).toBe(true)
  })

  it('are of no use where signatures carry their keys', () => {
    const signatures = inlineSignatureBatches(guomiSuite)
    const claims = new SignerClaims({ ...shared, suite: guomiSuite, signatures })
    expect(claims.believes(claimant)).toBe(false)
  })

  it('are of no use where nothing checks batches', () => {
    const claims = new SignerClaims({ ...shared, suite: standardSuite })
    expect(claims.believes(claimant)).toBe(false)
  })

  it('are another for each place where packets begin', () => {
    const claimants = [undefined, 0, 1].map((start) => claimantOf('ab', start))
    expect(new Set([...claimants, claimantOf('cd', 0)]).size).toBe(4)
  })
})

describe('a list of signers', () => {
  it('has zeros where it does not know one', () => {
    const signers = new Uint8Array(192)
    signers[127] = 1
    expect(signerAt(signers, 0)).toBeUndefined()
    expect(signerAt(signers, 1)).toEqual(signers.subarray(64, 128))
    expect(signerAt(signers, 2)).toBeUndefined()
  })
})

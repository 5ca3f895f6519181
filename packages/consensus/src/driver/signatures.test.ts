import { toHex } from '@bcos-ts/common'
import { guomiSuite, standardSuite } from '@bcos-ts/crypto'
import { mirrored } from '@bcos-ts/testing/arbitraries'
import { describe, expect, it } from 'vitest'
import { isSignedBy, Signer } from './signatures.ts'

const clock = { nowMs: () => 1_700_000_000_000 }

describe('signatures of messages', () => {
  it.each([standardSuite, guomiSuite])('hold in the form that $name signers make', (suite) => {
    const keys = suite.keyPair(new Uint8Array(32).fill(7))
    const signer = new Signer({ suite, keys, clock, isVoteBound: false })
    const place = { height: 5, view: 1, index: 2, hash: 'ab'.repeat(32), bond: 'cd'.repeat(24) }
    const body = signer.sign(place)
    expect(isSignedBy(body, toHex(keys.publicKey), suite)).toBe(true)
    expect(isSignedBy({ ...body, height: 6 }, toHex(keys.publicKey), suite)).toBe(false)
  })

  it('of secp256k1 do not count in their mirrored form, which verifies too (W4)', () => {
    const keys = standardSuite.keyPair(new Uint8Array(32).fill(7))
    const signer = new Signer({ suite: standardSuite, keys, clock, isVoteBound: true })
    const place = { height: 5, view: 1, index: 2, hash: 'ab'.repeat(32), bond: 'cd'.repeat(24) }
    const body = signer.sign(place)
    const key = toHex(keys.publicKey)
    const twin = { ...body, signature: mirrored(body.signature) }
    expect(
      standardSuite.verify(twin.signature, new Uint8Array(32).fill(0xab), keys.publicKey),
    ).toBe(true)
    expect(isSignedBy(twin, key, standardSuite)).toBe(false)
    expect(isSignedBy({ ...body, signature2: mirrored(body.signature2) }, key, standardSuite)).toBe(
      false,
    )
  })
})

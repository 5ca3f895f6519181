import { bigIntToBytes, fromHex, toHex, utf8 } from '@bcos-ts/common'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import vectors from '../vectors/vrf.json' with { type: 'json' }
import {
  isVrfPublicKey,
  vrfProofToHash,
  vrfProve,
  vrfPublicKey,
  vrfText,
  vrfVerify,
} from './vrf.ts'

const { fixed } = vectors

describe('the VRF of rPBFT', () => {
  it.each(vectors.cases)('judges as the chain did: $name', (sample) => {
    expect(vrfVerify(sample.publicKey, sample.alpha, sample.proof)).toBe(sample.isGood)
    const hash = sample.isGood ? vrfProofToHash(sample.proof) : undefined
    expect(hash?.length).toBe(sample.isGood ? 32 : undefined)
    expect(sample.hash === null || (hash && toHex(hash)) === sample.hash).toBe(true)
  })

  it('proves as an independent program does, given its random number', () => {
    const random = { bytes: () => bigIntToBytes(BigInt(fixed.k), 64).toReversed() }
    expect(vrfPublicKey(fixed.secret)).toBe(fixed.publicKey)
    expect(vrfProve(fixed.secret, fixed.alpha, { random })).toBe(fixed.proof)
    expect(toHex(vrfProofToHash(fixed.proof) ?? new Uint8Array(0))).toBe(fixed.hash)
  })

  it('gives one value for one text, with many proofs', () => {
    const form = fc.constantFrom('text', 'bytes')
    const property = fc.property(fc.string(), fc.string(), form, (secret, alpha, inForm) => {
      const publicKey = vrfPublicKey(secret)
      const options = { form: inForm }
      const proofs = [vrfProve(secret, alpha, options), vrfProve(secret, alpha, options)]
      expect(proofs.map((proof) => vrfVerify(publicKey, alpha, proof))).toEqual([true, true])
      expect(proofs[0]).not.toBe(proofs[1])
      expect(vrfProofToHash(proofs[0] ?? '')).toEqual(vrfProofToHash(proofs[1] ?? ''))
    })
    fc.assert(property, { numRuns: 10 })
  })

  it('refuses another text, another key, and a changed proof', () => {
    const proof = vrfProve('a', 'text')
    const publicKey = vrfPublicKey('a')
    expect(vrfVerify(publicKey, 'text ', proof)).toBe(false)
    expect(vrfVerify(vrfPublicKey('b'), 'text', proof)).toBe(false)
    // Texts are hashed as they come: the same point in another case is another key.
    expect(vrfVerify(publicKey.toUpperCase(), 'text', proof)).toBe(false)
    for (let at = 0; at < proof.length; at += 5) {
      const digit = proof[at] === '|' ? '|' : (parseInt(proof[at] ?? '0', 16) ^ 1).toString(16)
      const changed = `${proof.slice(0, at)}${digit}${proof.slice(at + 1)}`
      expect(vrfVerify(publicKey, 'text', changed)).toBe(changed === proof)
    }
  })

  it('keeps its two forms apart', () => {
    const [asText, asBytes] = (['text', 'bytes'] as const).map((form) =>
      vrfProve('a', 'x', { form }),
    )
    const publicKey = vrfPublicKey('a')
    expect(vrfVerify(publicKey, 'x', asText?.replaceAll('|', '') ?? '')).toBe(false)
    const parts = /^(.{64})(.{64})(.{64})$/.exec(asBytes ?? '')?.slice(1) ?? []
    expect(parts).toHaveLength(3)
    expect(vrfVerify(publicKey, 'x', parts.join('|'))).toBe(false)
    // Bytes have no case.
    expect(vrfVerify(publicKey.toUpperCase(), 'x', asBytes?.toUpperCase() ?? '')).toBe(true)
  })

  it('answers any texts', () => {
    const { publicKey, alpha, proof } = fixed
    const [gamma, c, s] = proof.split('|')
    const odd = [
      '',
      '|',
      '||',
      '|||',
      `${proof}|`,
      `${gamma}|${c}`,
      `${gamma}|${c}|${s}00`,
      `zz|${c}|${s}`,
    ]
    for (const bad of odd) expect(vrfVerify(publicKey, alpha, bad)).toBe(false)
    for (const bad of ['', 'zz', 'ff'.repeat(32), publicKey.slice(2), `0x${publicKey}`]) {
      expect(vrfVerify(bad, alpha, proof)).toBe(false)
      expect(isVrfPublicKey(bad)).toBe(false)
      expect(vrfProofToHash(`${bad}|${c}|${s}`)).toBeUndefined()
    }
    expect(isVrfPublicKey(publicKey)).toBe(true)
    expect(vrfProofToHash('')).toBeUndefined()
  })

  it('takes s with the order of the group added, as the reference does', () => {
    const [gamma, c, s = ''] = fixed.proof.split('|')
    const order = 2n ** 252n + 27742317777372353535851937790883648493n
    const larger = BigInt(`0x${toHex(fromHex(s).toReversed())}`) + order
    const proof = `${gamma}|${c}|${toHex(bigIntToBytes(larger, 32).toReversed())}`
    expect(vrfVerify(fixed.publicKey, fixed.alpha, proof)).toBe(true)
  })
})

describe('texts of contracts', () => {
  it('end at the first zero and must be UTF-8', () => {
    expect(vrfText(utf8('héllo'))).toBe('héllo')
    expect(vrfText(fromHex('6869006a'))).toBe('hi')
    expect(vrfText(fromHex('00'))).toBe('')
    expect(vrfText(fromHex('efbbbf61'))).toBe('\ufeffa')
    expect(vrfText(fromHex('ff'))).toBeUndefined()
    expect(vrfText(fromHex('6900ff'))).toBe('i')
  })
})

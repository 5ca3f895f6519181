import { bigIntToBytes, concatBytes, fromHex, toHex } from '@bcos-ts/common'
import { bn254 } from '@noble/curves/bn254.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bn254Add, bn254Multiply, bn254Pairing } from './bn254.ts'

type Fp2Element = ReturnType<typeof bn254.fields.Fp2.sqr>

const P = bn254.fields.Fp.ORDER
const word = (value: bigint): Uint8Array => bigIntToBytes(value, 32)
const words = (...values: readonly bigint[]): Uint8Array => concatBytes(...values.map(word))
const hex = (bytes: Uint8Array | undefined): string | undefined => bytes && toHex(bytes)

const G1 = words(1n, 2n)
const TWICE_G1 =
  '030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3' +
  '15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4'
const INFINITY = '00'.repeat(64)

const g1 = (scalar: bigint): Uint8Array => bn254Multiply(concatBytes(G1, word(scalar))) ?? G1
const g2 = (scalar: bigint): Uint8Array => {
  const { x, y } = bn254.G2.Point.BASE.multiply(scalar).toAffine()
  return words(x.c1, x.c0, y.c1, y.c0)
}

describe('addition (EIP-196)', () => {
  it('doubles, adds to the opposite, and knows infinity', () => {
    expect(hex(bn254Add(concatBytes(G1, G1)))).toBe(TWICE_G1)
    expect(hex(bn254Add(concatBytes(G1, words(1n, P - 2n))))).toBe(INFINITY)
    expect(hex(bn254Add(concatBytes(G1, new Uint8Array(64))))).toBe(toHex(G1))
  })

  it('fills short inputs with zeros and passes over what is too much', () => {
    expect(hex(bn254Add(new Uint8Array(0)))).toBe(INFINITY)
    expect(hex(bn254Add(G1))).toBe(toHex(G1))
    expect(hex(bn254Add(concatBytes(G1, G1, Uint8Array.of(1))))).toBe(TWICE_G1)
    // One byte of the second coordinate is missing: it becomes another number, and no point.
    expect(bn254Add(G1.slice(0, 63))).toBeUndefined()
  })

  it('fails on points off the curve and coordinates beyond the field', () => {
    for (const bad of [
      words(1n, 1n),
      words(P + 1n, 2n),
      words(1n, P + 2n),
      words(P, P),
      words(0n, P),
    ]) {
      expect(bn254Add(concatBytes(G1, bad))).toBeUndefined()
      expect(bn254Add(concatBytes(bad, G1))).toBeUndefined()
    }
  })
})

describe('multiplication (EIP-196)', () => {
  it('takes any integer of 256 bits', () => {
    const order = bn254.fields.Fr.ORDER
    expect(hex(g1(2n))).toBe(TWICE_G1)
    expect(hex(g1(order + 2n))).toBe(TWICE_G1)
    expect(hex(g1(0n))).toBe(INFINITY)
    expect(hex(g1(order))).toBe(INFINITY)
    expect(hex(bn254Multiply(words(0n, 0n, 5n)))).toBe(INFINITY)
    expect(hex(bn254Multiply(G1))).toBe(INFINITY)
    expect(bn254Multiply(words(1n, 3n, 5n))).toBeUndefined()
  })

  it('is repeated addition', () => {
    const property = fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 2n }), (scalar) => {
      const sum = bn254Add(concatBytes(g1(scalar), G1))
      expect(sum).toEqual(g1(scalar + 1n))
    })
    fc.assert(property, { numRuns: 20 })
  })
})

describe('pairing (EIP-197)', () => {
  const YES = toHex(word(1n))
  const NO = toHex(word(0n))

  it('accepts a proof made by another program', () => {
    const proof = fromHex(
      '1c76476f4def4bb94541d57ebba1193381ffa7aa76ada664dd31c16024c43f59' +
        '3034dd2920f673e204fee2811c678745fc819b55d3e9d294e45c9b03a76aef41' +
        '209dd15ebff5d46c4bd888e51a93cf99a7329636c63514396b4a452003a35bf7' +
        '04bf11ca01483bfa8b34b43561848d28905960114c8ac04049af4b6315a41678' +
        '2bb8324af6cfc93537a2ad1a445cfd0ca2a71acd7ac41fadbf933c2a51be344d' +
        '120a2a4cf30c1bf9845f20c6fe39e07ea2cce61f0c9bb048165fe5e4de877550' +
        '111e129f1cf1097710d41c4ac70fcdfa5ba2023c6ff1cbeac322de49d1b6df7c' +
        '2032c61a830e3c17286de9462bf242fca2883585b93870a73853face6a6bf411' +
        '198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2' +
        '1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed' +
        '090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b' +
        '12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa',
    )
    expect(hex(bn254Pairing(proof))).toBe(YES)
    const swapped = concatBytes(
      proof.slice(0, 64),
      proof.slice(256),
      proof.slice(192, 256),
      proof.slice(64, 192),
    )
    expect(hex(bn254Pairing(swapped))).toBe(NO)
  })

  it('is bilinear', () => {
    const negative = (scalar: bigint): Uint8Array => g1(bn254.fields.Fr.ORDER - scalar)
    const pairs = concatBytes(g1(6n), g2(5n), negative(10n), g2(3n))
    expect(hex(bn254Pairing(pairs))).toBe(YES)
    expect(hex(bn254Pairing(concatBytes(pairs, g1(1n), g2(1n))))).toBe(NO)
  })

  it('is one for nothing, and for infinity on either side', () => {
    expect(hex(bn254Pairing(new Uint8Array(0)))).toBe(YES)
    expect(hex(bn254Pairing(new Uint8Array(192)))).toBe(YES)
    expect(hex(bn254Pairing(concatBytes(G1, new Uint8Array(128))))).toBe(YES)
    expect(hex(bn254Pairing(concatBytes(new Uint8Array(64), g2(1n))))).toBe(YES)
    expect(hex(bn254Pairing(concatBytes(G1, g2(1n))))).toBe(NO)
  })

  it('fails on other lengths and on points outside of the groups', () => {
    const good = concatBytes(G1, g2(1n))
    expect(bn254Pairing(good.slice(1))).toBeUndefined()
    expect(bn254Pairing(concatBytes(good, Uint8Array.of(0)))).toBeUndefined()
    expect(bn254Pairing(concatBytes(words(1n, 1n), g2(1n)))).toBeUndefined()
    expect(bn254Pairing(concatBytes(G1, words(0n, 0n, 0n, 1n)))).toBeUndefined()
    expect(bn254Pairing(concatBytes(G1, words(P, 0n, 0n, 0n)))).toBeUndefined()
    // Bad points count even beside infinity.
    expect(bn254Pairing(concatBytes(new Uint8Array(64), words(0n, 0n, 0n, 1n)))).toBeUndefined()
    const outside = pointOutsideOfSubgroup()
    expect(outside).toHaveLength(128)
    expect(bn254Pairing(concatBytes(G1, outside))).toBeUndefined()
  })
})

/** On the twist, but of another order: nearly every point is. */
function pointOutsideOfSubgroup(): Uint8Array {
  const { Fp2 } = bn254.fields
  const { b } = bn254.G2.Point.CURVE()
  for (let i = 1n; i < 100n; i++) {
    const x = { c0: i, c1: 0n }
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), b)
    const y = rootOf(square)
    if (y !== undefined) return words(x.c1, x.c0, y.c1, y.c0)
  }
  return new Uint8Array(0)
}

function rootOf(square: Fp2Element): Fp2Element | undefined {
  try {
    return bn254.fields.Fp2.sqrt(square)
  } catch {
    return undefined
  }
}

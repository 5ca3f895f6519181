import { fromHex, isBcosError, toHex } from '@bcos-ts/common'
import {
  decodeList,
  decodeSequence,
  encodeBytes,
  encodeInteger,
  encodeList,
  wrapList,
} from '@bcos-ts/protocol'
import { RLP } from '@ethereumjs/rlp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EncodingVectors, readVectors } from './vectors.ts'

const vectors = readVectors<EncodingVectors>('encoding.json')

/** Nested lists of byte strings, the only things RLP knows. */
const { tree } = fc.letrec<{ tree: Nested }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.uint8Array({ maxLength: 80 }),
    fc.array(tie('tree'), { maxLength: 5 }),
  ),
}))
type Nested = Uint8Array | Nested[]

const encode = (value: Nested): Uint8Array =>
  value instanceof Uint8Array ? encodeBytes(value) : encodeList(value.map(encode))

describe('RLP', () => {
  it('encodes any nesting as the reference library does', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(toHex(encode(value))).toBe(toHex(RLP.encode(value)))
      }),
    )
  })

  it('reads back what it wrote, without copying', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 30 }), (values) => {
        const list = decodeList(encodeList(values.map(encodeBytes)))
        expect(list.items.map((_, i) => toHex(list.bytes(i)))).toEqual(values.map(toHex))
      }),
    )
  })

  it('keeps integers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
        expect(decodeList(encodeList([encodeInteger(value)])).bigint(0)).toBe(value)
      }),
    )
  })

  it.each(vectors.rlp.map(({ desc, rlp }) => [desc, rlp] as const))('accepts %s', (_, rlp) => {
    const whole = wrapList(fromHex(rlp))
    expect(toHex(decodeList(whole).raw(0))).toBe(rlp)
  })

  it.each(vectors.rlpReject.map(({ why, rlp }) => [why, rlp] as const))(
    'refuses %s',
    (why, rlp) => {
      const bytes = fromHex(rlp)
      const read = (): unknown => {
        if (why.startsWith('trailing')) return decodeList(bytes)
        const list = decodeList(wrapList(bytes))
        return why.startsWith('as an INTEGER') ? list.bigint(0) : list.raw(0)
      }
      expect(read).toThrow(expect.objectContaining({ code: 'PROTOCOL_INVALID_RLP' }))
    },
  )

  it('refuses or reads any bytes, as the reference library does for whole lists', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        let ours: number | undefined
        try {
          ours = decodeList(bytes).length
        } catch (error) {
          expect(isBcosError(error, 'PROTOCOL_INVALID_RLP')).toBe(true)
        }
        let theirs: unknown
        try {
          theirs = RLP.decode(bytes)
        } catch {
          theirs = undefined
        }
        // What the library reads as a list, we read with as many items; nested faults show on demand.
        if (Array.isArray(theirs) && bytes.length > 0) expect(ours).toBe(theirs.length)
      }),
      { numRuns: 5000 },
    )
  })

  it('refuses a list of more items than allowed, before it holds them', () => {
    const three = encodeList([encodeInteger(1), encodeInteger(2), encodeInteger(3)])
    expect(decodeList(three, 3).length).toBe(3)
    expect(() => decodeList(three, 2)).toThrow('more than 2 items')
    expect(() => decodeList(encodeList([three])).list(0, 2)).toThrow('more than 2 items')
    expect(() => decodeSequence(fromHex('010203'), 2)).toThrow('more than 2 items')
    expect(() => decodeList(wrapList(new Uint8Array(1_048_577)))).toThrow('more than 1048576 items')
  })

  it('never allocates for a length that is only claimed', () => {
    const claims = ['bfffffffffffffffff', 'fbffffffff', 'fa7fffff', 'bb7fffffff00']
    for (const claim of claims) expect(() => decodeList(fromHex(claim))).toThrow(/RLP/)
  })
})

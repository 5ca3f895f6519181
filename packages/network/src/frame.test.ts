import { concatBytes, fromHex, isBcosError, toHex } from '@bcos-ts/common'
import { decodeList } from '@bcos-ts/protocol'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readVectors } from '../test/vectors.ts'
import { encodeFrame, FrameDecoder, type P2pFrame } from './frame.ts'

interface FrameCase {
  readonly name: string
  readonly isCompressed: boolean
  readonly protocolId: number
  readonly packetType: number
  readonly seq: number
  readonly hex: string
}

const cases = readVectors<FrameCase>('p2p-frames.json')

const SYNC = 9

function decodeAll(...pieces: readonly Uint8Array[]): P2pFrame[] {
  const decoder = new FrameDecoder()
  const frames: P2pFrame[] = []
  for (const piece of pieces) {
    decoder.push(piece)
    for (let next = decoder.next(); next !== undefined; next = decoder.next()) frames.push(next)
  }
  return frames
}

/** Whether the payload is what the module puts there: that proves the decompression. */
function isWellFormed({ protocolId, payload }: P2pFrame): boolean {
  const moduleId = protocolId & 0xffff
  if (protocolId < 0x10000) return true
  return decodeList(moduleId === SYNC ? payload.subarray(1) : payload).length > 0
}

/** What comes out of bytes: frames, or the code of a typed error; anything else is thrown. */
function outcomeOf(bytes: Uint8Array): P2pFrame[] | string {
  try {
    return decodeAll(bytes)
  } catch (error) {
    if (!isBcosError(error)) throw error
    return error.code
  }
}

function isKnownOutcome(bytes: Uint8Array): boolean {
  const outcome = outcomeOf(bytes)
  return outcome === 'NETWORK_INVALID_FRAME' || Array.isArray(outcome)
}

describe('frames of a reference network', () => {
  it.each(cases)('$name', ({ isCompressed, protocolId, packetType, seq, hex }) => {
    const [frame, ...more] = decodeAll(fromHex(hex))
    expect(frame).toMatchObject({ protocolId, packetType, seq })
    expect(more).toEqual([])
    if (frame === undefined) return
    expect(isWellFormed(frame)).toBe(true)
    const encoded = encodeFrame(frame, { isCompressing: true })
    expect(decodeAll(encoded)).toEqual([frame])
    expect(encoded[4] === 0x80).toBe(isCompressed)
    expect(isCompressed || toHex(encoded) === hex).toBe(true)
  })

  it('come out the same however the stream is cut', () => {
    const stream = concatBytes(...cases.map(({ hex }) => fromHex(hex)))
    const whole = decodeAll(stream)
    expect(whole).toHaveLength(cases.length)
    for (const size of [1, 7, 16, 17, 1000]) {
      const pieces: Uint8Array[] = []
      for (let at = 0; at < stream.length; at += size) pieces.push(stream.slice(at, at + size))
      expect(decodeAll(...pieces)).toEqual(whole)
    }
  })
})

describe('FrameDecoder', () => {
  it('refuses a length below the header and above the limit, before the frame is there', () => {
    expect(outcomeOf(fromHex('0000000f'))).toBe('NETWORK_INVALID_FRAME')
    expect(outcomeOf(fromHex('06400001'))).toBe('NETWORK_INVALID_FRAME')
    expect(outcomeOf(fromHex('06400000'))).toEqual([])
  })

  it.each([
    ['100 MiB and one byte', '8180803200000000'],
    ['100 MiB, which eight bytes cannot hold', '8080803200000000'],
    ['no length', 'ffffffffffffffff'],
  ])('refuses to unpack a block that announces %s', (_, block) => {
    const frame = fromHex(`00000018 8000 00000002 0001 00000000${block}`.replaceAll(' ', ''))
    expect(outcomeOf(frame)).toBe('NETWORK_INVALID_FRAME')
  })

  it('has frames or a typed error for any bytes', () => {
    const anyFrame = fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.boolean(), fc.nat(0xffff))
    const framed = anyFrame.map(([payload, isCompressed, packetType]) => {
      const frame = { protocolId: 65_545, packetType, seq: 1, payload }
      const bytes = encodeFrame(frame, { isCompressing: false })
      bytes[4] = isCompressed ? 0x80 : 0
      return bytes
    })
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), framed)
    fc.assert(fc.property(bytes, isKnownOutcome), { numRuns: 5000 })
  })

  it('reads back every frame it writes', () => {
    const frame = fc.record({
      protocolId: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
      packetType: fc.nat(0xffff),
      seq: fc.nat(0xffff_ffff),
      payload: fc.uint8Array({ maxLength: 5000, size: 'max' }),
    })
    fc.assert(
      fc.property(frame, fc.boolean(), (one, isCompressing) => {
        expect(decodeAll(encodeFrame(one, { isCompressing }))).toEqual([one])
      }),
    )
  })
})

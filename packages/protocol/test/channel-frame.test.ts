import { concatBytes, fromHex, isBcosError, toHex, utf8 } from '@bcos-ts/common'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ChannelFrame,
  ChannelFrameDecoder,
  decodeChannelFrame,
  encodeChannelFrame,
  splitTopic,
  withTopic,
} from '../src/channel/index.ts'
import vectors from '../vectors/channel-frames.json' with { type: 'json' }

interface FrameCase {
  readonly name: string
  readonly type: number
  readonly seq: string
  readonly result: number
  readonly topic: string | null
  readonly text: string | null
  readonly hex: string
}

const cases: readonly FrameCase[] = vectors.cases

function decodeAll(...pieces: readonly Uint8Array[]): ChannelFrame[] {
  const decoder = new ChannelFrameDecoder()
  const frames: ChannelFrame[] = []
  for (const piece of pieces) {
    decoder.push(piece)
    for (let next = decoder.next(); next !== undefined; next = decoder.next()) frames.push(next)
  }
  return frames
}

function isKnownOutcome(bytes: Uint8Array): boolean {
  try {
    return decodeAll(bytes).length >= 0
  } catch (error) {
    return isBcosError(error, 'PROTOCOL_INVALID_FRAME')
  }
}

describe('recorded frames', () => {
  it.each(cases)('$name', ({ type, seq, result, topic, text, hex }) => {
    const bytes = fromHex(hex)
    const frame = decodeChannelFrame(bytes)
    expect(frame).toMatchObject({ type, seq, result })
    if (frame === undefined) return
    expect(toHex(encodeChannelFrame(frame))).toBe(hex)
    if (text === null) return
    const data = topic === null ? utf8(text) : withTopic(topic, utf8(text))
    expect(frame.data).toEqual(data)
    expect(topic === null || splitTopic(data)?.topic === topic).toBe(true)
  })

  it('come out the same however the stream is cut', () => {
    const stream = concatBytes(...cases.map(({ hex }) => fromHex(hex)))
    const whole = decodeAll(stream)
    expect(whole).toHaveLength(cases.length)
    for (const size of [1, 41, 42, 43, 5000]) {
      const pieces: Uint8Array[] = []
      for (let at = 0; at < stream.length; at += size) pieces.push(stream.slice(at, at + size))
      expect(decodeAll(...pieces)).toEqual(whole)
    }
  })
})

describe('frames', () => {
  it('have topics of 0 to 254 bytes in front', () => {
    expect(withTopic('', utf8('x'))).toEqual(fromHex('0178'))
    expect(splitTopic(fromHex('0178'))).toEqual({ topic: '', payload: utf8('x') })
    expect(splitTopic(withTopic('消息', utf8('x')))?.topic).toBe('消息')
    for (const hex of ['', '00', '0061', '0361', 'ff']) {
      expect(splitTopic(fromHex(hex))).toBeUndefined()
    }
  })

  it('are refused by their length before they are there', () => {
    expect(() => decodeAll(fromHex('00000029'))).toThrow(/41 bytes/)
    expect(() => decodeAll(fromHex('06400001'))).toThrow(/104857601 bytes/)
    expect(decodeAll(fromHex('06400000'))).toEqual([])
  })

  it('come of any bytes, or a typed error does', () => {
    const bytes = fc.uint8Array({ maxLength: 200 })
    fc.assert(fc.property(bytes, isKnownOutcome), { numRuns: 5000 })
    fc.assert(
      fc.property(bytes, (one) => {
        const frame = decodeChannelFrame(one)
        return frame === undefined || toHex(encodeChannelFrame(frame)) === toHex(one)
      }),
    )
  })
})

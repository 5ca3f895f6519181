import { concatBytes, fromHex, toHex } from '@bcos-ts/common'
import { blake2b } from '@noble/hashes/blake2.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blake2F, decodeBlake2FInput } from './blake2f.ts'

/** State of unkeyed BLAKE2b-512 before its first block. */
const H =
  '48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5' +
  'd182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b'
const ABC = `616263${'00'.repeat(125)}`
const T = `03${'00'.repeat(15)}`

describe('F of BLAKE2b', () => {
  // EIP-152, test vectors 4 to 7.
  it.each([
    [
      0,
      true,
      '08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5' +
        'd282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b',
    ],
    [
      12,
      true,
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1' +
        '7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    ],
    [
      12,
      false,
      '75ab69d3190a562c51aef8d88f1c2775876944407270c42c9844252c26d28752' +
        '98743e7f6d5ea2f2d3e8d226039cd31b4e426ac4f2d3d666a610c2116fde4735',
    ],
    [
      1,
      true,
      'b63a380cb2897d521994a85234ee2c181b5f844d2c624c002677e9703449d2fb' +
        'a551b3a8333bcdf5f2f7e08993d53923de3d64fcc68c034e717b9293fed7a421',
    ],
  ])('matches EIP-152 for %i rounds, final %s', (rounds, isFinal, expected) => {
    const head = rounds.toString(16).padStart(8, '0')
    const input = decodeBlake2FInput(fromHex(`${head}${H}${ABC}${T}${isFinal ? '01' : '00'}`))
    expect(input?.rounds).toBe(rounds)
    expect(input && toHex(blake2F(input))).toBe(expected)
  })

  it('with twelve rounds is the hash function', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 128 }), (message) => {
      const m = concatBytes(message, new Uint8Array(128 - message.length))
      const t = concatBytes(Uint8Array.of(message.length), new Uint8Array(15))
      const digest = blake2F({ rounds: 12, h: fromHex(H), m, t, isFinal: true })
      expect(digest).toEqual(blake2b(message))
    })
    fc.assert(property, { numRuns: 200 })
  })

  it('has no use for inputs of another form', () => {
    // EIP-152, test vectors 0 to 3.
    const good = `0000000c${H}${ABC}${T}01`
    for (const bad of ['', good.slice(2), `${good}00`, `${good.slice(0, -2)}02`]) {
      expect(decodeBlake2FInput(fromHex(bad))).toBeUndefined()
    }
    expect(decodeBlake2FInput(fromHex(good))?.isFinal).toBe(true)
  })
})

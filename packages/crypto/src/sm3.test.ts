import { toHex, utf8 } from '@bcos-ts/common'
import { describe, expect, it } from 'vitest'
import { sm3 } from './sm3.ts'

describe('sm3', () => {
  // GB/T 32905-2016, appendix A.
  it.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('matches the standard for %s', (message, digest) => {
    expect(toHex(sm3(utf8(message)))).toBe(digest)
  })

  it('gives the same digest however the message is cut', () => {
    const message = utf8('x'.repeat(300))
    for (const cut of [0, 1, 63, 64, 65, 299]) {
      const streamed = sm3.create().update(message.subarray(0, cut)).update(message.subarray(cut))
      expect(streamed.digest()).toEqual(sm3(message))
    }
  })

  it('goes on from a clone without touching the original', () => {
    const head = sm3.create().update(utf8('x'.repeat(70)))
    const other = head.clone().update(utf8('y'))
    expect(head.digest()).toEqual(sm3(utf8('x'.repeat(70))))
    expect(other.digest()).toEqual(sm3(utf8(`${'x'.repeat(70)}y`)))
  })
})

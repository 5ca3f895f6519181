import { fromHex, toHex } from '@bcos-ts/common'
import { describe, expect, it } from 'vitest'
import { sm4 } from './sm4.ts'

const KEY = fromHex('0123456789abcdeffedcba9876543210')

describe('sm4', () => {
  // GB/T 32907-2016, appendix A: the plain text equals the key.
  it('matches example 1 of the standard, both ways', () => {
    const block = new Uint8Array(16)
    sm4(KEY).encryptBlock(KEY, 0, block)
    expect(toHex(block)).toBe('681edf34d206965e86b3e94f536e4246')
    sm4(KEY).decryptBlock(block, 0, block)
    expect(block).toEqual(KEY)
  })

  it('matches example 2 of the standard: a million times', () => {
    const cipher = sm4(KEY)
    const block = KEY.slice()
    for (let i = 0; i < 1_000_000; i++) cipher.encryptBlock(block, 0, block)
    expect(toHex(block)).toBe('595298c7c6fd271f0402f804c33d3f66')
  })
})

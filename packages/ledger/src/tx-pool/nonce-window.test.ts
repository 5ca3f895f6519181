import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NonceWindow } from './nonce-window.ts'

const NOTHING = { height: () => 0, nonces: () => [] }
const WINDOW = 1000

describe('nonces that may not be used again', () => {
  it('are those of the last thousand blocks, like in a list of them', () => {
    const blocks = fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 3 }), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(blocks, fc.integer({ min: 1, max: 400 }), (plan, stride) => {
        const window = new NonceWindow(NOTHING)
        const last = new Map<string, number>()
        let number = 0
        for (const nonces of plan) {
          for (let i = 1; i < stride; i++) window.add((number += 1), [])
          number += 1
          window.add(
            number,
            nonces.map((nonce) => nonce.toString(16)),
          )
          for (const nonce of nonces) last.set(nonce.toString(16), number)
          for (let nonce = 0; nonce <= 40; nonce++) {
            const text = nonce.toString(16)
            expect(window.has(text)).toBe((last.get(text) ?? -1) >= Math.max(0, number - WINDOW))
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  it('come back from the chain after a restart', () => {
    const window = new NonceWindow({ height: () => 1500, nonces: (number) => [`${number}`] })
    expect([499, 500, 1500, 1501].map((number) => window.has(`${number}`))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('are told apart, a hundred thousand of them', () => {
    const window = new NonceWindow(NOTHING)
    const nonceOf = (i: number) => (0x1234_5678_9abcn * BigInt(i)).toString(16)
    for (let block = 0; block < 500; block++) {
      window.add(
        block,
        Array.from({ length: 200 }, (_, i) => nonceOf(200 * block + i)),
      )
    }
    const found = Array.from({ length: 100_000 }, (_, i) => window.has(nonceOf(i)))
    expect(found.every(Boolean)).toBe(true)
    const others = Array.from({ length: 100_000 }, (_, i) => window.has(nonceOf(100_000 + i)))
    expect(others.some(Boolean)).toBe(false)
  })
})

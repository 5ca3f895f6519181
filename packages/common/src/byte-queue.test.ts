import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteQueue } from './byte-queue.ts'
import { concatBytes } from './bytes.ts'

describe('ByteQueue', () => {
  it('gives back what was pushed, however it was cut', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 })
    const takes = fc.array(fc.nat(50), { maxLength: 40 })
    fc.assert(
      fc.property(pieces, takes, (pushed, taken) => {
        const queue = new ByteQueue()
        const out: Uint8Array[] = []
        for (const [index, piece] of pushed.entries()) {
          queue.push(piece)
          const count = Math.min(taken[index] ?? 0, queue.length)
          out.push(queue.take(count))
        }
        out.push(queue.take(queue.length))
        expect(concatBytes(...out)).toEqual(concatBytes(...pushed))
        expect(queue.length).toBe(0)
      }),
    )
  })

  it('reads numbers ahead only when they are all there', () => {
    const queue = new ByteQueue()
    queue.push(Uint8Array.of(9, 0, 0))
    expect(queue.peekUint32(0)).toBeUndefined()
    queue.push(Uint8Array.of(1, 2))
    expect(queue.peekUint32(1)).toBe(0x00000102)
    expect(queue.peekUint32(2)).toBeUndefined()
  })

  it('hands out copies: a message may be kept without keeping its neighbours', () => {
    const queue = new ByteQueue()
    const piece = Uint8Array.of(1, 2, 3, 4)
    queue.push(piece)
    const taken = queue.take(2)
    expect(taken.buffer.byteLength).toBe(2)
    expect(() => queue.take(3)).toThrow(RangeError)
  })
})

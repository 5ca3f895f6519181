import { describe, expect, it } from 'vitest'
import { MEASUREMENTS, Sharing } from './sharing.ts'

const SIGNATURES = 1000
const INLINE_MS = 100

describe('sharing of signatures', () => {
  let nowMs = 0
  function measured(): Sharing {
    const sharing = new Sharing(() => nowMs)
    for (let i = 0; i < MEASUREMENTS; i++) {
      sharing.noteInline('recover', SIGNATURES, INLINE_MS * (1 + i))
    }
    expect(sharing.isMeasured('recover')).toBe(true)
    return sharing
  }

  it('goes on while threads are about as quick as this one', () => {
    const sharing = measured()
    sharing.noteShared('recover', SIGNATURES, 150)
    expect(sharing.isOn).toBe(true)
  })

  it('rests where the cores are busy, longer each time, and a minute at most', () => {
    const sharing = measured()
    const rests: number[] = []
    for (let i = 0; i < 10; i++) {
      sharing.noteShared('recover', SIGNATURES, 500)
      const startMs = nowMs
      while (!sharing.isOn) nowMs += 500
      rests.push((nowMs - startMs) / 1000)
    }
    expect(rests).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60])
  })

  it('holds each question to its own cost', () => {
    const sharing = measured()
    expect(sharing.isMeasured('verify')).toBe(false)
    for (let i = 0; i < MEASUREMENTS; i++) sharing.noteInline('verify', SIGNATURES, INLINE_MS / 5)
    expect(sharing.isMeasured('verify')).toBe(true)
    sharing.noteShared('recover', SIGNATURES, 150)
    expect(sharing.isOn).toBe(true)
    sharing.noteShared('verify', SIGNATURES, 150)
    expect(sharing.isOn).toBe(false)
  })

  it('forgets its doubts after a batch that paid', () => {
    const sharing = measured()
    sharing.noteShared('recover', SIGNATURES, 500)
    sharing.noteShared('recover', SIGNATURES, 100)
    sharing.noteShared('recover', SIGNATURES, 500)
    nowMs += 1000
    expect(sharing.isOn).toBe(true)
  })
})

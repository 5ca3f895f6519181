import { describe, expect, it } from 'vitest'
import { Inbox, type Incoming, PEER_BYTES_MAX, PEER_MESSAGES_MAX } from './inbox.ts'

const message = (from: string, payload: Uint8Array = new Uint8Array(1)): Incoming => ({
  from,
  message: { protocolId: 1, packetType: 0, payload },
})

describe('inbox', () => {
  it('gives messages back in the order in which they came', () => {
    const inbox = new Inbox()
    const messages = ['a', 'b', 'a', 'c'].map((from) => message(from))
    for (const one of messages) expect(inbox.push(one)).toBe(true)
    const taken = messages.map(() => inbox.shift())
    expect(taken).toEqual(messages)
    expect(inbox.shift()).toBeUndefined()
  })

  it('takes so many of one peer, and still all of another', () => {
    const inbox = new Inbox()
    for (let i = 0; i < PEER_MESSAGES_MAX; i++) inbox.push(message('flood'))
    expect(inbox.push(message('flood'))).toBe(false)
    expect(inbox.push(message('friend'))).toBe(true)
    inbox.shift()
    expect(inbox.push(message('flood'))).toBe(true)
  })

  it('takes so many bytes of one peer', () => {
    const inbox = new Inbox()
    const large = new Uint8Array(PEER_BYTES_MAX)
    expect(inbox.push(message('a', large))).toBe(true)
    expect(inbox.push(message('a'))).toBe(false)
    inbox.shift()
    expect(inbox.push(message('a'))).toBe(true)
  })
})

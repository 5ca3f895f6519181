import { describe, expect, it } from 'vitest'
import { AcceptGate } from './accept-gate.ts'

describe('AcceptGate', () => {
  it('bounds connections in all and by address, and counts each leaving once', () => {
    const gate = new AcceptGate({ connectionsMax: 3, connectionsPerAddressMax: 2 })
    const leave = gate.enter('a')
    expect(gate.enter('a')).toBeDefined()
    expect(gate.enter('a')).toBeUndefined()
    expect(gate.enter('b')).toBeDefined()
    expect(gate.enter('c')).toBeUndefined()
    leave?.()
    leave?.()
    expect(gate.enter('c')).toBeDefined()
    expect(gate.enter('d')).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { type GroupOperation, type GroupState, refusalOf } from './group-life.ts'

const OPERATIONS: readonly GroupOperation[] = ['start', 'stop', 'remove', 'recover']

/** Codes for start, stop, remove and recover; undefined where it is done (spec 04 §11.1, 02 §14.10). */
const CODES: readonly (readonly [GroupState, readonly (number | undefined)[]])[] = [
  ['INEXISTENT', [0xb, 6, 6, 6]],
  ['STOPPED', [undefined, 4, undefined, 0xe]],
  ['RUNNING', [3, undefined, 3, 0xe]],
  ['STOPPING', [0xd, 0xd, 0xd, 0xe]],
  ['DELETED', [5, 5, 5, undefined]],
  ['UNKNOWN', [1, 1, 1, 1]],
]

describe('the life of a group', () => {
  it.each(CODES)('%s: what may be done, and with which code it is refused', (state, codes) => {
    expect(OPERATIONS.map((one) => refusalOf(one, state, 7)?.code)).toEqual(codes)
  })
})

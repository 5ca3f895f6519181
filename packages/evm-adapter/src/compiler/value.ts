import type { Word } from '../interpreter/words.ts'
import { SAFE } from '../interpreter/words.ts'

/**
 * How a value stands in JavaScript: `number` is a number for sure, `test` a boolean that stands for 1 or 0, `word` may be
 * number or bigint.
 */
export type Shape = 'number' | 'test' | 'word'

/** A value that compiled code computes. It is written down where it is used first, and never when it is not used. */
export interface Value {
  shape: Shape
  /** Of a number: it is at most this. */
  max: number
  /** It has no more bits than this. */
  readonly bits: number
  readonly constant: Word | undefined
  /** Of a value that was on the stack when the trace began: its place, counted down from the top. */
  readonly slot: number | undefined
  /** Call data from this place on, when it is that. */
  readonly callDataFrom: number | undefined
  /** Its expression; writes down what it needs before. */
  readonly express: () => string
  /** The variable that holds it, once there is one. */
  name: string | undefined
  /** How many operations, one in the other, stand between it and variables. */
  nesting: number
}

const PLAIN = {
  bits: 256,
  constant: undefined,
  slot: undefined,
  callDataFrom: undefined,
  name: undefined,
  nesting: 1,
} as const

export function constantValue(constant: Word): Value {
  const isNumber = typeof constant === 'number'
  return {
    ...PLAIN,
    shape: isNumber ? 'number' : 'word',
    max: isNumber ? constant : Infinity,
    constant,
    express: () => literal(constant),
  }
}

export function numberValue(max: number, express: () => string): Value {
  return { ...PLAIN, shape: 'number', max: Math.min(max, SAFE), express }
}

export function testValue(express: () => string): Value {
  return { ...PLAIN, shape: 'test', max: 1, express }
}

export function wordValue(express: () => string): Value {
  return { ...PLAIN, shape: 'word', max: Infinity, express }
}

/** A word of so many bits at most. */
export function shortWordValue(bits: number, express: () => string): Value {
  return { ...PLAIN, shape: 'word', max: Infinity, bits, express }
}

export function slotValue(slot: number, express: () => string): Value {
  return { ...PLAIN, shape: 'word', max: Infinity, slot, express }
}

export function callDataValue(callDataFrom: number, express: () => string): Value {
  return { ...PLAIN, shape: 'word', max: Infinity, callDataFrom, express }
}

/** Whether two are certainly equal. */
export function isSame(a: Value, b: Value): boolean {
  return a === b || (a.constant !== undefined && a.constant === b.constant)
}

function literal(word: Word): string {
  return typeof word === 'number' ? String(word) : `${word}n`
}

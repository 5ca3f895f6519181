/**
 * Arithmetic in compiled code. What is known of the operands decides how much of an operation is left: nothing where all are
 * constant, one JavaScript operator where they are numbers, a test for numbers before the call where they may be.
 * @module
 */
import type { PureOpcode, TestOpcode } from '../interpreter/opcode.ts'
import { SAFE, type Word } from '../interpreter/words.ts'
import {
  constantValue,
  numberValue,
  shortWordValue,
  testValue,
  type Value,
  wordValue,
} from './value.ts'
import type { Writer } from './writer.ts'

type Rule = (writer: Writer, a: Value, b: Value) => Value | undefined

const INT31 = 0x7fff_ffff
const WORD_BITS = 256
const NUMBER_BITS = 53

const isNumber = (value: Value): boolean => value.shape !== 'word'
const isZero = (value: Value): boolean => value.constant === 0

/** Exponent of a power of two. */
function exponentOf(word: Word | undefined): number | undefined {
  if (word === undefined || word === 0) return undefined
  const value = BigInt(word)
  const exponent = value.toString(2).length - 1
  return value === 1n << BigInt(exponent) ? exponent : undefined
}

/** Number of low bits that a mask such as 0xff keeps. */
function bitsOfMask(word: Word): number | undefined {
  return exponentOf(typeof word === 'number' && word < SAFE ? word + 1 : BigInt(word) + 1n)
}

/** Number of low bits that a mask such as ~0x1f clears. */
function bitsOfHighMask(word: Word): number | undefined {
  return exponentOf(BigInt.asUintN(WORD_BITS, -BigInt(word)))
}

/** Conditions under which both are numbers. */
function numeric(writer: Writer, ...values: readonly Value[]): string {
  const doubtful = values.filter((value) => !isNumber(value))
  return doubtful.map((value) => `typeof ${writer.use(value)} === "number"`).join(' && ')
}

const both = (a: string, b: string): string => (a === '' ? b : `${a} && ${b}`)

const isBig = (value: Value): boolean => typeof value.constant === 'bigint'

const add: Rule = (writer, a, b) => {
  if (isZero(a)) return b
  if (isZero(b)) return a
  if (isBig(a) || isBig(b)) return undefined
  const sum = (): string => `${writer.word(a)} + ${writer.word(b)}`
  if (isNumber(a) && isNumber(b) && a.max + b.max <= SAFE) return numberValue(a.max + b.max, sum)
  return wordValue(() => {
    const guard = both(numeric(writer, a, b), `(r = ${sum()}) <= ${SAFE}`)
    return `${guard} ? r : add(${writer.word(a)}, ${writer.word(b)})`
  })
}

const sub: Rule = (writer, a, b) => {
  if (isZero(b)) return a
  if (isBig(a) || isBig(b)) return undefined
  return wordValue(() => {
    const [x, y] = [writer.word(a), writer.word(b)]
    return `${both(numeric(writer, a, b), `${x} >= ${y}`)} ? ${x} - ${y} : sub(${x}, ${y})`
  })
}

const mul: Rule = (writer, a, b) => {
  if (a.constant === 1) return b
  if (b.constant === 1) return a
  if (isBig(a) || isBig(b)) return undefined
  const product = (): string => `${writer.word(a)} * ${writer.word(b)}`
  if (isNumber(a) && isNumber(b) && a.max * b.max <= SAFE) {
    return numberValue(a.max * b.max, product)
  }
  return wordValue(() => {
    const guard = both(numeric(writer, a, b), `(r = ${product()}) <= ${SAFE}`)
    return `${guard} ? r : mul(${writer.word(a)}, ${writer.word(b)})`
  })
}

/** `a` without its lowest `bits` bits. */
function shiftRight(writer: Writer, a: Value, bits: number): Value {
  if (bits === 0) return a
  if (a.callDataFrom !== undefined && bits === WORD_BITS - 32) {
    const from = a.callDataFrom
    return numberValue(0xffff_ffff, () => `calldataHead(F, ${from})`)
  }
  const ofNumber = (): string =>
    bits >= NUMBER_BITS ? '0' : `Math.floor(${writer.word(a)} / ${2 ** bits})`
  if (isNumber(a)) return numberValue(Math.floor(a.max / 2 ** bits), ofNumber)
  const isShort = WORD_BITS - bits <= NUMBER_BITS
  const express = (): string => {
    const x = writer.word(a)
    const ofBig = isShort ? `Number(${x} >> ${bits}n)` : `shr(${bits}, ${x})`
    return `typeof ${x} === "number" ? ${ofNumber()} : ${ofBig}`
  }
  return isShort ? numberValue(SAFE, express) : shortWordValue(WORD_BITS - bits, express)
}

const div: Rule = (writer, a, b) => {
  const exponent = exponentOf(b.constant)
  if (exponent !== undefined) return shiftRight(writer, a, exponent)
  if (typeof b.constant !== 'number' || b.constant === 0) return undefined
  return perNumber(writer, a, {
    max: a.max / b.constant,
    ofNumber: (x) => `(${x} - ${x} % ${b.constant}) / ${b.constant}`,
    ofWord: (x) => `div(${x}, ${b.constant})`,
  })
}

const mod: Rule = (writer, a, b) => {
  if (typeof b.constant !== 'number' || b.constant === 0) return undefined
  return perNumber(writer, a, {
    max: b.constant - 1,
    ofNumber: (x) => `${x} % ${b.constant}`,
    ofWord: (x) => `mod(${x}, ${b.constant})`,
  })
}

interface Ways {
  readonly max: number
  readonly ofNumber: (x: string) => string
  readonly ofWord: (x: string) => string
  /** Whether the answer is a number in any case. */
  readonly isNumber?: boolean
}

/** One way for numbers, another for what may be a bigint. */
function perNumber(writer: Writer, a: Value, ways: Ways): Value {
  if (isNumber(a)) return numberValue(ways.max, () => ways.ofNumber(writer.word(a)))
  const express = (): string => {
    const x = writer.word(a)
    return `typeof ${x} === "number" ? ${ways.ofNumber(x)} : ${ways.ofWord(x)}`
  }
  return ways.isNumber === true ? numberValue(ways.max, express) : wordValue(express)
}

const and: Rule = (writer, a, b) => {
  if (a.constant !== undefined) return mask(writer, b, a.constant)
  if (b.constant !== undefined) return mask(writer, a, b.constant)
  if (a.shape === 'test' && b.shape === 'test') {
    return testValue(() => `${writer.use(a)} && ${writer.use(b)}`)
  }
  if (a.max > INT31 || b.max > INT31) return undefined
  return numberValue(Math.min(a.max, b.max), () => `${writer.word(a)} & ${writer.word(b)}`)
}

function mask(writer: Writer, a: Value, constant: Word): Value | undefined {
  if (constant === 0) return constantValue(0)
  const kept = bitsOfMask(constant)
  if (kept !== undefined && (a.bits <= kept || a.max < 2 ** kept)) return a
  if (typeof constant === 'number' && constant <= INT31) {
    return perNumber(writer, a, {
      isNumber: true,
      max: constant,
      ofNumber: (x) => `${x} & ${constant}`,
      ofWord: (x) => `lowInt32(${x}) & ${constant}`,
    })
  }
  if (kept !== undefined && kept >= NUMBER_BITS) {
    return shortWordValue(kept, () => {
      const x = writer.word(a)
      return `typeof ${x} === "number" ? ${x} : truncate(${kept}, ${x})`
    })
  }
  if (kept === 32) return numberValue(2 ** 32 - 1, () => `lowInt32(${writer.word(a)})`)
  const cleared = bitsOfHighMask(constant)
  if (cleared === undefined || cleared >= NUMBER_BITS) return undefined
  return perNumber(writer, a, {
    max: a.max,
    ofNumber: (x) => `${x} - ${x} % ${2 ** cleared}`,
    ofWord: (x) => `and(${x}, ${constant}n)`,
  })
}

const or: Rule = (writer, a, b) => {
  if (isZero(a)) return b
  if (isZero(b)) return a
  if (a.shape === 'test' && b.shape === 'test') {
    return testValue(() => `${writer.use(a)} || ${writer.use(b)}`)
  }
  if (a.max > INT31 || b.max > INT31) return undefined
  return numberValue(INT31, () => `${writer.word(a)} | ${writer.word(b)}`)
}

const xor: Rule = (writer, a, b) => {
  if (isZero(a)) return b
  if (isZero(b)) return a
  if (a.max > INT31 || b.max > INT31) return undefined
  return numberValue(INT31, () => `${writer.word(a)} ^ ${writer.word(b)}`)
}

const shl: Rule = (writer, n, a) => {
  if (typeof n.constant !== 'number' || n.constant >= NUMBER_BITS) return undefined
  const factor = 2 ** n.constant
  if (isNumber(a) && a.max * factor <= SAFE) {
    return numberValue(a.max * factor, () => `${writer.word(a)} * ${factor}`)
  }
  return wordValue(() => {
    const x = writer.word(a)
    const guard = both(numeric(writer, a), `(r = ${x} * ${factor}) <= ${SAFE}`)
    return `${guard} ? r : shl(${n.constant}, ${x})`
  })
}

const shr: Rule = (writer, n, a) => {
  if (typeof n.constant !== 'number') return undefined
  return n.constant >= WORD_BITS ? constantValue(0) : shiftRight(writer, a, n.constant)
}

const RULES: Readonly<Record<string, Rule>> = { add, sub, mul, div, mod, and, or, xor, shl, shr }

/** Deeper than this nothing is put off: writing it down would take too much of the stack. */
const NESTING_MAX = 100

/** Notes how deep a value lies in others that are put off, and puts it off no longer when that is deep. */
function nested(writer: Writer, value: Value, operands: readonly Value[]): Value {
  if (value.constant !== undefined || operands.includes(value)) return value
  for (const operand of operands) {
    const isHeld = operand.name !== undefined || operand.constant !== undefined
    if (!isHeld) value.nesting = Math.max(value.nesting, operand.nesting + 1)
  }
  return value.nesting > NESTING_MAX ? writer.now(value) : value
}

/** The value of an operation that has no effect. */
export function computed(writer: Writer, opcode: PureOpcode, operands: readonly Value[]): Value {
  const constants = constantsOf(operands)
  if (constants !== undefined) return constantValue(opcode.compute(...constants))
  const [a, b] = operands
  const simple = b === undefined ? undefined : RULES[opcode.name]?.(writer, a!, b)
  const value = simple ?? wordValue(() => callOf(writer, opcode.name, operands))
  return nested(writer, value, operands)
}

/** The value of a comparison. */
export function tested(writer: Writer, opcode: TestOpcode, operands: readonly Value[]): Value {
  return nested(writer, comparison(writer, opcode, operands), operands)
}

function comparison(writer: Writer, opcode: TestOpcode, operands: readonly Value[]): Value {
  const constants = constantsOf(operands)
  if (constants !== undefined) return constantValue(opcode.test(...constants) ? 1 : 0)
  const [a, b] = operands
  if (b === undefined) return isNothing(writer, a!)
  const operator = { lt: '<', gt: '>', eq: '===' }[opcode.name]
  if (operator !== undefined) {
    return testValue(() => `${writer.word(a!)} ${operator} ${writer.word(b)}`)
  }
  const ofNumbers = opcode.name === 'slt' ? '<' : '>'
  return testValue(() => {
    const [x, y] = [writer.word(a!), writer.word(b)]
    const call = `${opcode.name}(${x}, ${y})`
    if (isBig(a!) || isBig(b)) return call
    const guard = numeric(writer, a!, b)
    return guard === '' ? `${x} ${ofNumbers} ${y}` : `${guard} ? ${x} ${ofNumbers} ${y} : ${call}`
  })
}

function isNothing(writer: Writer, a: Value): Value {
  return testValue(() => (a.shape === 'test' ? `!${writer.use(a)}` : `${writer.use(a)} === 0`))
}

export function constantsOf(operands: readonly Value[]): readonly Word[] | undefined {
  const constants: Word[] = []
  for (const { constant } of operands) {
    if (constant === undefined) return undefined
    constants.push(constant)
  }
  return constants
}

export function callOf(writer: Writer, name: string, operands: readonly Value[]): string {
  return `${name}(${operands.map((operand) => writer.word(operand)).join(', ')})`
}

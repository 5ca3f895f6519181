/**
 * How an instruction is described: what it takes, what it leaves, what it costs, and what it does. The description is
 * all that the interpreter and the compiler know of it, so both do the same.
 * @module
 */
import type { Frame } from './frame.ts'
import type { Instruction } from './program.ts'
import type { Word } from './words.ts'

/** What an instruction computes of the words it takes, the top of the stack first. */
export type Compute = (...words: Word[]) => Word
export type Test = (...words: Word[]) => boolean
export type Read = (frame: Frame, ...words: Word[]) => Word
/** The same with the frame, which it may change or end. */
export type Effect = (frame: Frame, ...words: Word[]) => Word | void

interface Base {
  /** A name in JavaScript, for compiled code. */
  readonly name: string
  /** The part of the price that does not depend on operands. */
  readonly gas: number
  readonly pops: number
  readonly pushes: number
  /** Does it to a frame, as the interpreter does. */
  readonly run: (frame: Frame, instruction: Instruction) => void
}

/** A function of its operands and of nothing else. */
export interface PureOpcode extends Base {
  readonly kind: 'pure'
  readonly compute: Compute
}

/** A pure one whose answer is 1 or 0. */
export interface TestOpcode extends Base {
  readonly kind: 'test'
  readonly test: Test
}

/** Reads what stays the same as long as the frame runs: of the message, the block, the code. */
export interface ReadOpcode extends Base {
  readonly kind: 'read'
  readonly read: Read
}

/** Reads or changes frame or world, and may end the frame. */
export interface EffectOpcode extends Base {
  readonly kind: 'effect'
  readonly effect: Effect
  /** Whether it may end the frame. */
  readonly isFallible: boolean
  /** Whether it asks how much gas is left. */
  readonly seesGas: boolean
}

/** PUSH, DUP, SWAP, POP: moves values about. `depth` of DUP and SWAP from 1. */
export interface StackOpcode extends Base {
  readonly kind: 'push' | 'dup' | 'swap' | 'drop'
  readonly depth: number
}

/** JUMP and JUMPI. */
export interface JumpOpcode extends Base {
  readonly kind: 'jump' | 'jumpi'
}

/** Ends the frame. */
export interface EndOpcode extends Base {
  readonly kind: 'end'
}

/** Leaves the frame for another one, and takes its operands from the stack by itself. */
export interface CallOpcode extends Base {
  readonly kind: 'call'
}

export type Opcode =
  | PureOpcode
  | TestOpcode
  | ReadOpcode
  | EffectOpcode
  | StackOpcode
  | JumpOpcode
  | EndOpcode
  | CallOpcode

export function pure1(name: string, gas: number, compute: (a: Word) => Word): PureOpcode {
  return {
    kind: 'pure',
    name,
    gas,
    pops: 1,
    pushes: 1,
    compute,
    run: ({ stack, depth }) => {
      stack[depth - 1] = compute(stack[depth - 1]!)
    },
  }
}

export function pure2(name: string, gas: number, compute: (a: Word, b: Word) => Word): PureOpcode {
  return {
    kind: 'pure',
    name,
    gas,
    pops: 2,
    pushes: 1,
    compute,
    run: (frame) => {
      const { stack } = frame
      const top = --frame.depth
      stack[top - 1] = compute(stack[top]!, stack[top - 1]!)
    },
  }
}

export function pure3(
  name: string,
  gas: number,
  compute: (a: Word, b: Word, c: Word) => Word,
): PureOpcode {
  return {
    kind: 'pure',
    name,
    gas,
    pops: 3,
    pushes: 1,
    compute,
    run: (frame) => {
      const { stack } = frame
      frame.depth -= 2
      const top = frame.depth + 1
      stack[top - 2] = compute(stack[top]!, stack[top - 1]!, stack[top - 2]!)
    },
  }
}

export function test2(name: string, gas: number, test: (a: Word, b: Word) => boolean): TestOpcode {
  return {
    kind: 'test',
    name,
    gas,
    pops: 2,
    pushes: 1,
    test,
    run: (frame) => {
      const { stack } = frame
      const top = --frame.depth
      stack[top - 1] = test(stack[top]!, stack[top - 1]!) ? 1 : 0
    },
  }
}

export function test1(name: string, gas: number, test: (a: Word) => boolean): TestOpcode {
  return {
    kind: 'test',
    name,
    gas,
    pops: 1,
    pushes: 1,
    test,
    run: ({ stack, depth }) => {
      stack[depth - 1] = test(stack[depth - 1]!) ? 1 : 0
    },
  }
}

export function read(name: string, gas: number, readWord: (frame: Frame) => Word): ReadOpcode {
  return {
    kind: 'read',
    name,
    gas,
    pops: 0,
    pushes: 1,
    read: readWord,
    run: (frame) => frame.push(readWord(frame)),
  }
}

export function readAt(
  name: string,
  gas: number,
  readWord: (frame: Frame, place: Word) => Word,
): ReadOpcode {
  return {
    kind: 'read',
    name,
    gas,
    pops: 1,
    pushes: 1,
    read: readWord,
    run: (frame) => frame.push(readWord(frame, frame.pop())),
  }
}

interface Shape {
  readonly gas: number
  readonly pops: number
  readonly pushes: 0 | 1
  readonly isFallible?: boolean
  readonly seesGas?: boolean
}

export function effect(name: string, shape: Shape, run: Effect): EffectOpcode {
  const { gas, pops, pushes, isFallible = true, seesGas = false } = shape
  return {
    kind: 'effect',
    name,
    gas,
    pops,
    pushes,
    effect: run,
    isFallible,
    seesGas,
    run: pushes === 0 ? takes(pops, run) : takesAndLeaves(pops, run),
  }
}

function takes(pops: number, run: Effect): Base['run'] {
  if (pops === 2) return (frame) => void run(frame, frame.pop(), frame.pop())
  if (pops === 3) return (frame) => void run(frame, frame.pop(), frame.pop(), frame.pop())
  return (frame) => {
    const words: Word[] = []
    for (let i = 0; i < pops; i++) words.push(frame.pop())
    run(frame, ...words)
  }
}

function takesAndLeaves(pops: number, run: Effect): Base['run'] {
  if (pops === 0) return (frame) => frame.push(run(frame) ?? 0)
  if (pops === 1) return (frame) => frame.push(run(frame, frame.pop()) ?? 0)
  return (frame) => frame.push(run(frame, frame.pop(), frame.pop()) ?? 0)
}

import type { Frame, Operation } from './frame.ts'
import { EXP_BYTE } from './gas.ts'

const BITS = 256n
const MASK = 2n ** BITS - 1n
const SIGN = 2n ** 255n

const wrap = (value: bigint): bigint => BigInt.asUintN(256, value)
const signed = (value: bigint): bigint => BigInt.asIntN(256, value)

/** An instruction that replaces the two values on top by one. */
const binary =
  (compute: (a: bigint, b: bigint) => bigint) =>
  (frame: Frame): void => {
    const a = frame.pop()
    frame.push(compute(a, frame.pop()))
  }

const ternary =
  (compute: (a: bigint, b: bigint, c: bigint) => bigint) =>
  (frame: Frame): void => {
    const a = frame.pop()
    const b = frame.pop()
    frame.push(compute(a, b, frame.pop()))
  }

const truth = (value: boolean): bigint => (value ? 1n : 0n)

export const add: Operation = binary((a, b) => wrap(a + b))
export const mul: Operation = binary((a, b) => wrap(a * b))
export const sub: Operation = binary((a, b) => wrap(a - b))
export const div: Operation = binary((a, b) => (b === 0n ? 0n : a / b))
export const sdiv: Operation = binary((a, b) => (b === 0n ? 0n : wrap(signed(a) / signed(b))))
export const mod: Operation = binary((a, b) => (b === 0n ? 0n : a % b))
export const smod: Operation = binary((a, b) => (b === 0n ? 0n : wrap(signed(a) % signed(b))))
export const addmod: Operation = ternary((a, b, n) => (n === 0n ? 0n : (a + b) % n))
export const mulmod: Operation = ternary((a, b, n) => (n === 0n ? 0n : (a * b) % n))

export const lt: Operation = binary((a, b) => truth(a < b))
export const gt: Operation = binary((a, b) => truth(a > b))
export const slt: Operation = binary((a, b) => truth(signed(a) < signed(b)))
export const sgt: Operation = binary((a, b) => truth(signed(a) > signed(b)))
export const eq: Operation = binary((a, b) => truth(a === b))
export const iszero: Operation = (frame: Frame) => frame.push(truth(frame.pop() === 0n))

export const and: Operation = binary((a, b) => a & b)
export const or: Operation = binary((a, b) => a | b)
export const xor: Operation = binary((a, b) => a ^ b)
export const not: Operation = (frame: Frame) => frame.push(frame.pop() ^ MASK)

export const byte: Operation = binary((n, x) => (n > 31n ? 0n : (x >> (8n * (31n - n))) & 0xffn))
export const shl: Operation = binary((n, x) => (n >= BITS ? 0n : wrap(x << n)))
export const shr: Operation = binary((n, x) => (n >= BITS ? 0n : x >> n))
export const sar: Operation = binary((n, x) => {
  if (n >= BITS) return (x & SIGN) === 0n ? 0n : MASK
  return wrap(signed(x) >> n)
})

export const signextend: Operation = binary((size, x) => {
  if (size >= 31n) return x
  return wrap(BigInt.asIntN(8 * (Number(size) + 1), x))
})

function bytesOf(value: bigint): number {
  return value === 0n ? 0 : Math.ceil(value.toString(16).length / 2)
}

/** Square and multiply, modulo 2^256. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = wrap(result * square)
    square = wrap(square * square)
  }
  return result
}

export function exp(frame: Frame): void {
  const base = frame.pop()
  const exponent = frame.pop()
  if (frame.charge(EXP_BYTE * bytesOf(exponent))) frame.push(power(base, exponent))
}

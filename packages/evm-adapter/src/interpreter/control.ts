/**
 * Instructions that steer: stack, jumps, ends, calls and creations.
 * @module
 */
import { EMPTY_BYTES } from '@bcos-ts/common'
import type { CallKind, VmMessage, VmStatus } from '@bcos-ts/protocol/ports'
import { toAddress } from './data.ts'
import type { Frame, Instruction, Operation } from './frame.ts'
import { HASH_WORD, wordsOf } from './gas.ts'

const DEPTH_MAX = 1024
const GAS_MAX = 2n ** 53n - 1n

export const stop: Operation = (frame: Frame) => frame.stop('success')
export const invalid: Operation = (frame: Frame) => frame.stop('badInstruction')
export const pop: Operation = (frame: Frame) => void frame.stack.pop()
export const push = (frame: Frame, instruction: Instruction): void => frame.push(instruction.value)
export const nothing: Operation = () => {}

export const dup =
  (depth: number): Operation =>
  ({ stack }) =>
    void stack.push(stack[stack.length - depth]!)

export const swap =
  (depth: number): Operation =>
  ({ stack }) => {
    const top = stack.length - 1
    const other = stack[top - depth]!
    stack[top - depth] = stack[top]!
    stack[top] = other
  }

function jumpTo(frame: Frame, target: bigint): void {
  const next =
    target > BigInt(Number.MAX_SAFE_INTEGER)
      ? undefined
      : frame.program.jumpTargets.get(Number(target))
  if (next === undefined) frame.stop('badJump')
  else frame.next = next
}

export const jump: Operation = (frame: Frame) => jumpTo(frame, frame.pop())

export function jumpi(frame: Frame): void {
  const target = frame.pop()
  if (frame.pop() !== 0n) jumpTo(frame, target)
}

export function gasLeft(frame: Frame, instruction: Instruction): void {
  frame.push(BigInt(frame.gasAt(instruction.gasSoFar)))
}

const end =
  (status: VmStatus) =>
  (frame: Frame): void => {
    const offset = frame.pop()
    const size = frame.pop()
    if (!frame.expand(offset, size)) return
    frame.output = frame.memory.copy(Number(offset), Number(size))
    frame.stop(status)
  }

/** RETURN */
export const finish: (frame: Frame) => void = end('success')
export const revert: (frame: Frame) => void = end('revert')

export function selfdestruct(frame: Frame): void {
  if (frame.message.isStatic) return frame.stop('staticViolation')
  frame.host.selfDestruct(frame.message.recipient, toAddress(frame.pop()))
  frame.stop('success')
}

/** All but one 64th of what is left, or what was asked for when that is less (EIP-150). */
function forwardable(left: number, wanted: bigint): number {
  const most = left - Math.floor(left / 64)
  return wanted < BigInt(most) ? Number(wanted) : most
}

interface CallOperands {
  readonly kind: CallKind
  readonly wantedGas: bigint
  readonly target: string
  readonly value: bigint
  readonly input: readonly [offset: bigint, size: bigint]
  readonly output: readonly [offset: bigint, size: bigint]
}

function operands(frame: Frame, kind: CallKind): CallOperands {
  const wantedGas = frame.pop()
  const target = toAddress(frame.pop())
  const value = kind === 'call' || kind === 'callcode' ? frame.pop() : 0n
  const input = [frame.pop(), frame.pop()] as const
  const output = [frame.pop(), frame.pop()] as const
  return { kind, wantedGas, target, value, input, output }
}

/** CALL and CALLCODE: with a value they cost more, and fail at once, for no contract owns anything. */
export const callWithValue =
  (kind: 'call' | 'callcode'): Instruction['run'] =>
  (frame, instruction) => {
    const call = operands(frame, kind)
    const { schedule } = frame.environment
    if (!frame.expand(...call.input) || !frame.expand(...call.output)) return
    const hasValue = call.value !== 0n
    if (kind === 'call' && hasValue && frame.message.isStatic) return frame.stop('staticViolation')
    const cost = hasValue ? schedule.callValue : 0
    const left = frame.gasAt(instruction.gasSoFar) - cost
    if (left < 0) return frame.stop('outOfGas')
    const forwarded = forwardable(left, call.wantedGas)
    frame.returnData = EMPTY_BYTES
    frame.gas -= cost
    const isRefused =
      frame.message.depth >= DEPTH_MAX ||
      (hasValue && frame.host.getBalance(frame.message.recipient) < call.value)
    const stipend = hasValue ? schedule.callStipend : 0
    if (isRefused) {
      frame.push(0n)
      frame.charge(-stipend)
      return
    }
    enterCall(frame, call, { given: forwarded + stipend, paid: forwarded })
  }

export function delegatecall(frame: Frame, instruction: Instruction): void {
  callWithoutValue(frame, operands(frame, 'delegatecall'), instruction)
}

export function staticcall(frame: Frame, instruction: Instruction): void {
  callWithoutValue(frame, operands(frame, 'staticcall'), instruction)
}

function callWithoutValue(frame: Frame, call: CallOperands, instruction: Instruction): void {
  if (!frame.expand(...call.input) || !frame.expand(...call.output)) return
  // The return data of an earlier call stays in place here, unlike in CALL.
  if (frame.message.depth >= DEPTH_MAX) return frame.push(0n)
  const gas = forwardable(frame.gasAt(instruction.gasSoFar), call.wantedGas)
  enterCall(frame, call, { given: gas, paid: gas })
}

/** `given` is what the callee gets, `paid` what the caller gives of its own: less by the stipend. */
function enterCall(
  frame: Frame,
  call: CallOperands,
  { given, paid }: { readonly given: number; readonly paid: number },
): void {
  const { message } = frame
  const keepsRecipient = call.kind === 'callcode' || call.kind === 'delegatecall'
  const isDelegate = call.kind === 'delegatecall'
  const callee: VmMessage = {
    kind: call.kind,
    isStatic: message.isStatic || call.kind === 'staticcall',
    depth: message.depth + 1,
    gas: given,
    sender: isDelegate ? message.sender : message.recipient,
    recipient: keepsRecipient ? message.recipient : call.target,
    codeAddress: call.target,
    value: isDelegate ? message.value : call.value,
    data: frame.memory.copy(Number(call.input[0]), Number(call.input[1])),
  }
  frame.call(callee, (result) => {
    frame.returnData = result.returnData
    frame.push(result.isSuccess ? 1n : 0n)
    const length = Math.min(Number(call.output[1]), result.returnData.length)
    frame.memory.write(Number(call.output[0]), length, { bytes: result.returnData, from: 0 })
    frame.charge(paid - result.gasLeft)
  })
}

export const create =
  (kind: 'create' | 'create2'): Instruction['run'] =>
  (frame, instruction) => {
    const { message } = frame
    if (message.isStatic) return frame.stop('staticViolation')
    const value = frame.pop()
    const offset = frame.pop()
    const size = frame.pop()
    const salt = kind === 'create2' ? frame.pop() : undefined
    if (!frame.expand(offset, size)) return
    const length = Number(size)
    if (salt !== undefined && !frame.charge(HASH_WORD * wordsOf(length))) return
    frame.returnData = EMPTY_BYTES
    const isRefused =
      message.depth >= DEPTH_MAX ||
      (value !== 0n && frame.host.getBalance(message.recipient) < value)
    if (isRefused) return frame.push(0n)
    const given = forwardable(frame.gasAt(instruction.gasSoFar), GAS_MAX)
    const creation: VmMessage = {
      kind,
      isStatic: false,
      depth: message.depth + 1,
      gas: given,
      sender: message.recipient,
      recipient: message.recipient,
      codeAddress: message.recipient,
      value,
      data: frame.memory.copy(Number(offset), length),
      ...(salt !== undefined && { salt }),
    }
    frame.call(creation, (result) => {
      frame.returnData = result.returnData
      const created = result.isSuccess ? result.createdAddress : undefined
      frame.push(created === undefined ? 0n : BigInt(`0x${created}`))
      frame.charge(given - result.gasLeft)
    })
  }

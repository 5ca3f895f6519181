/**
 * Instructions that leave the frame for another one.
 * @module
 */
import { EMPTY_BYTES } from '@bcos-ts/common'
import type { Address } from '@bcos-ts/protocol'
import type { CallKind, VmMessage } from '@bcos-ts/protocol/ports'
import type { Frame } from '../frame.ts'
import { HASH_WORD, wordsOf } from '../gas.ts'
import { fromWord, SAFE, toWord, type Word } from '../words.ts'
import { toAddress } from './environment.ts'

const DEPTH_MAX = 1024

/** All but one 64th of what is left, or what was asked for when that is less (EIP-150). */
function forwardable(left: number, wanted: Word): number {
  const most = left - Math.floor(left / 64)
  return wanted < most ? Number(wanted) : most
}

interface CallOperands {
  readonly kind: CallKind
  readonly wantedGas: Word
  readonly target: Address
  readonly value: Word
  readonly input: readonly [offset: Word, size: Word]
  readonly output: readonly [offset: Word, size: Word]
}

function operands(frame: Frame, kind: CallKind): CallOperands {
  const wantedGas = frame.pop()
  const target = toAddress(frame.pop())
  const value = kind === 'call' || kind === 'callcode' ? frame.pop() : 0
  const input = [frame.pop(), frame.pop()] as const
  const output = [frame.pop(), frame.pop()] as const
  return { kind, wantedGas, target, value, input, output }
}

/** CALL and CALLCODE: with a value they cost more, and fail at once, for no contract owns anything. */
export const callWithValue =
  (kind: 'call' | 'callcode') =>
  (frame: Frame): void => {
    const call = operands(frame, kind)
    const { schedule } = frame.environment
    if (!frame.expand(...call.input) || !frame.expand(...call.output)) return
    const hasValue = call.value !== 0
    if (kind === 'call' && hasValue && frame.message.isStatic) return frame.stop('staticViolation')
    const cost = hasValue ? priceOfValue(frame, kind, call.target) : 0
    const left = frame.gasHere() - cost
    if (left < 0) return frame.stop('outOfGas')
    const forwarded = forwardable(left, call.wantedGas)
    frame.returnData = EMPTY_BYTES
    frame.gas -= cost
    const isRefused =
      frame.message.depth >= DEPTH_MAX ||
      (hasValue && frame.host.getBalance(frame.message.recipient) < fromWord(call.value))
    const stipend = hasValue ? schedule.callStipend : 0
    if (isRefused) {
      frame.push(0)
      frame.charge(-stipend)
      return
    }
    enterCall(frame, call, { given: forwarded + stipend, paid: forwarded })
  }

function priceOfValue(frame: Frame, kind: CallKind, target: Address): number {
  const { callValue, callNewAccount } = frame.environment.schedule
  const isNew = kind === 'call' && frame.host.getCodeHash(target) === undefined
  return callValue + (isNew ? callNewAccount : 0)
}

export function delegatecall(frame: Frame): void {
  callWithoutValue(frame, operands(frame, 'delegatecall'))
}

export function staticcall(frame: Frame): void {
  callWithoutValue(frame, operands(frame, 'staticcall'))
}

function callWithoutValue(frame: Frame, call: CallOperands): void {
  if (!frame.expand(...call.input) || !frame.expand(...call.output)) return
  // The return data of an earlier call stays in place here, unlike in CALL.
  if (frame.message.depth >= DEPTH_MAX) return frame.push(0)
  const gas = forwardable(frame.gasHere(), call.wantedGas)
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
    value: isDelegate ? message.value : fromWord(call.value),
    data: frame.memory.copy(Number(call.input[0]), Number(call.input[1])),
  }
  frame.call(callee, (result) => {
    frame.returnData = result.returnData
    frame.push(result.isSuccess ? 1 : 0)
    const length = Math.min(Number(call.output[1]), result.returnData.length)
    frame.memory.write(Number(call.output[0]), length, { bytes: result.returnData, from: 0 })
    frame.charge(paid - result.gasLeft)
  })
}

export const create =
  (kind: 'create' | 'create2') =>
  (frame: Frame): void => {
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
      (value !== 0 && frame.host.getBalance(message.recipient) < fromWord(value))
    if (isRefused) return frame.push(0)
    const given = forwardable(frame.gasHere(), SAFE)
    const creation: VmMessage = {
      kind,
      isStatic: false,
      depth: message.depth + 1,
      gas: given,
      sender: message.recipient,
      recipient: message.recipient,
      codeAddress: message.recipient,
      value: fromWord(value),
      data: frame.memory.copy(Number(offset), length),
      ...(salt !== undefined && { salt: fromWord(salt) }),
    }
    frame.call(creation, (result) => {
      frame.returnData = result.returnData
      const created = result.isSuccess ? result.createdAddress : undefined
      frame.push(created === undefined ? 0 : toWord(BigInt(`0x${created}`)))
      frame.charge(given - result.gasLeft)
    })
  }

/**
 * Instructions that steer within a frame, and end it.
 * @module
 */
import type { VmStatus } from '@bcos-ts/protocol/ports'
import type { Frame } from '../frame.ts'
import type { Instruction } from '../program.ts'
import type { Word } from '../words.ts'
import { toAddress } from './environment.ts'

export const stop = (frame: Frame): void => frame.stop('success')
export const invalid = (frame: Frame): void => frame.stop('badInstruction')
export const push = (frame: Frame, { value }: Instruction): void => frame.push(value)
export const drop = (frame: Frame): void => void frame.pop()

export const dup =
  (depth: number) =>
  (frame: Frame): void => {
    frame.push(frame.stack[frame.depth - depth]!)
  }

export const swap =
  (depth: number) =>
  (frame: Frame): void => {
    const { stack } = frame
    const top = frame.depth - 1
    const other = stack[top - depth]!
    stack[top - depth] = stack[top]!
    stack[top] = other
  }

/** Goes on at a JUMPDEST, or ends the frame where there is none. */
export function jumpTo(frame: Frame, target: Word): void {
  const segment = frame.program.target(target)
  if (segment < 0) frame.stop('badJump')
  else frame.segment = segment
}

export const jump = (frame: Frame): void => jumpTo(frame, frame.pop())

export function jumpi(frame: Frame): void {
  const target = frame.pop()
  if (frame.pop() !== 0) jumpTo(frame, target)
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
  const { message, host, environment } = frame
  if (message.isStatic) return frame.stop('staticViolation')
  const beneficiary = toAddress(frame.pop())
  const ownsSomething = host.getBalance(message.recipient) !== 0n
  if (ownsSomething && host.getCodeHash(beneficiary) === undefined) {
    if (!frame.charge(environment.schedule.destroyNewAccount)) return
  }
  host.selfDestruct(message.recipient, beneficiary)
  frame.stop('success')
}

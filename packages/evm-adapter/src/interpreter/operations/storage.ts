import type { Frame } from '../frame.ts'
import { SSTORE_CLEAR_REFUND } from '../gas.ts'
import { fromWord, toWord, type Word } from '../words.ts'

export function sload(frame: Frame, slot: Word): Word {
  return toWord(frame.host.getStorage(frame.message.recipient, fromWord(slot)))
}

/** No net metering: the price depends on the present value only (spec 01 §11.5). The write comes before the price. */
export function sstore(frame: Frame, slot: Word, value: Word): void {
  const { host, message, environment } = frame
  if (message.isStatic) return frame.stop('staticViolation')
  if (frame.gasHere() <= environment.schedule.sstoreSentry) return frame.stop('outOfGas')
  if (!host.mayWriteStorage(message.recipient)) return frame.stop('permissionDenied')
  const place = fromWord(slot)
  const old = toWord(host.getStorage(message.recipient, place))
  if (old === value) return void frame.charge(environment.schedule.sstoreUnchanged)
  if (old !== 0 && value === 0) host.addRefund(SSTORE_CLEAR_REFUND)
  host.setStorage(message.recipient, place, fromWord(value))
  frame.charge(old === 0 ? environment.schedule.sstoreSet : environment.schedule.sstoreReset)
}

import { accountTable } from '@bcos-ts/protocol'
import type { NativeFrame } from '../framework/declaration.ts'
import { refuse } from '../framework/refusal.ts'

/**
 * A contract that writes tables does so for the origin: refused when the contract's own access list does not
 * name it. Callers without an account table pass (spec 03 §2.7).
 */
export function checkCallerMayWrite({ tables, origin, sender }: NativeFrame<unknown>): void {
  const account = tables.open(accountTable(sender))
  if (account === undefined || account.isAuthorized(origin)) return
  refuse(`Permission denied. ${origin} can't call contract ${sender}`)
}

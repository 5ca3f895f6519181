/**
 * External accounts frozen and unfrozen by the committee (spec 03 §3.9). An account has a table, and can be frozen,
 * only after it has deployed a contract or was given gas.
 * @module
 */
import { type Address, ResultCode } from '@bcos-ts/protocol'
import type { NativeFrame } from '../framework/declaration.ts'
import { isCommitteeMember, prefixed } from './access-rows.ts'
import { type AccountView, setFrozen, viewAccount } from './account-rows.ts'

/** What is wrong with an account that cannot be acted on, or 0. */
export function accountCode(account: AccountView): number {
  if (!account.exists) return ResultCode.accountMissing
  if (account.hasCode) return ResultCode.notAccount
  return account.isFrozen ? ResultCode.accountFrozen : ResultCode.done
}

export function freezeAccount(call: NativeFrame, address: Address): number {
  const { tables, origin } = call
  const account = viewAccount(call, address)
  if (!account.exists) return ResultCode.accountMissing
  if (account.hasCode) return ResultCode.notAccount
  if (!isCommitteeMember(tables, prefixed(origin))) return ResultCode.noAuthorized
  if (isCommitteeMember(tables, prefixed(address))) return ResultCode.noAuthorized
  return account.isFrozen ? ResultCode.accountFrozen : setFrozen(call, account.table, true)
}

export function unfreezeAccount(call: NativeFrame, address: Address): number {
  const { tables, origin } = call
  const account = viewAccount(call, address)
  if (!account.exists) return ResultCode.accountMissing
  if (account.hasCode) return ResultCode.notAccount
  if (!isCommitteeMember(tables, prefixed(origin))) return ResultCode.noAuthorized
  return account.isFrozen ? setFrozen(call, account.table, false) : ResultCode.accountAvailable
}

export function statusText(call: NativeFrame, address: Address): string {
  switch (accountCode(viewAccount(call, address))) {
    case ResultCode.accountMissing:
      return 'The address is nonexistent.'
    case ResultCode.notAccount:
      return 'This is not a account address.'
    case ResultCode.accountFrozen:
      return 'The account has been frozen. You can use this account after unfreezing it.'
    default:
      return 'The account is available.'
  }
}

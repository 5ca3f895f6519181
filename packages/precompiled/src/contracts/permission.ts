/**
 * Permission 0x1005 (spec 03 §3.6): who may write which table.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import {
  accountTable,
  type Address,
  ResultCode,
  SystemTableName,
  userTable,
} from '@bcos-ts/protocol'
import type { StateTables } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { compactJson } from '../json/write.ts'
import { lowerCase, parseAddress } from '../text.ts'
import {
  accessTable,
  addGrant,
  type Grant,
  isCommitteeMember,
  isGranted,
  prefixed,
  removeGrant,
} from './access-rows.ts'
import { isManager } from './account-rows.ts'
import { GRANT_TABLE_NAME_BYTES_MAX } from './limits.ts'
import { fieldOf } from './rows.ts'

/** Tables that are granted under their own name; every other name is that of a user table. */
const GOVERNED: ReadonlySet<string> = new Set([
  SystemTableName.tableAccess,
  SystemTableName.consensus,
  SystemTableName.tables,
  SystemTableName.cns,
  SystemTableName.config,
])

function tableOf(name: ByteText): string {
  return GOVERNED.has(name) ? name : userTable(name)
}

function grant(call: NativeFrame, name: ByteText, addressText: ByteText): number {
  const { tables, origin } = call
  const address = lowerCase(addressText)
  // Opened before anything else, so that its access list is that of this moment.
  accessTable(tables)
  if (name === SystemTableName.tableAccess) return ResultCode.committeeGoverned
  if (
    (name === SystemTableName.tables || name === SystemTableName.cns) &&
    isCommitteeMember(tables, address)
  ) {
    return ResultCode.memberAsOperator
  }
  const wanted: Grant = { table: tableOf(name), address }
  if (isGranted(tables, wanted)) return ResultCode.grantExists
  if (wanted.table.length > GRANT_TABLE_NAME_BYTES_MAX) return ResultCode.tableNameOverflow
  // Digits of a wrong length pass, and make a grant to nobody.
  if (parseAddress(address) === undefined) return ResultCode.invalidAddress
  return addGrant(call, wanted, origin)
}

function revoke({ tables, origin }: NativeFrame, name: ByteText, addressText: ByteText): number {
  const address = lowerCase(addressText)
  accessTable(tables)
  if (name === SystemTableName.tableAccess) return ResultCode.committeeGoverned
  if (
    (name === SystemTableName.consensus || name === SystemTableName.config) &&
    isCommitteeMember(tables, address)
  ) {
    return ResultCode.noAuthorized
  }
  const unwanted: Grant = { table: tableOf(name), address }
  if (!isGranted(tables, unwanted)) return ResultCode.grantMissing
  return removeGrant(tables, unwanted, origin)
}

function grantWrite(call: NativeFrame, contract: Address, user: Address): number {
  const { tables, origin } = call
  const wanted: Grant = { table: accountTable(contract), address: prefixed(user) }
  if (isGranted(tables, wanted)) return ResultCode.grantExists
  const account = tables.open(wanted.table)
  if (account === undefined) return ResultCode.contractMissing
  if (!isManager(account, origin)) return ResultCode.noAuthorized
  return addGrant(call, wanted, undefined)
}

function revokeWrite({ tables, origin }: NativeFrame, contract: Address, user: Address): number {
  const unwanted: Grant = { table: accountTable(contract), address: prefixed(user) }
  if (!isGranted(tables, unwanted)) return ResultCode.grantMissing
  const account = tables.open(unwanted.table)
  if (account === undefined || !isManager(account, origin)) return ResultCode.noAuthorized
  return removeGrant(tables, unwanted, undefined)
}

function describe(tables: StateTables, table: string): ByteText {
  return compactJson(
    accessTable(tables)
      .select(table)
      .map((row) => ({
        table_name: table,
        address: fieldOf(row, 'address'),
        enable_num: fieldOf(row, 'enable_num'),
      })),
  )
}

const byAccessList = 'access list of _sys_table_access_'
const byManager = 'a manager of the contract'

export const permission: NativeContract = {
  name: 'Permission',
  address: 0x1005,
  summary: 'Who may write which table.',
  memory: 'output',
  unknown: 'empty',
  functions: [
    native('insert(string tableName, string account) returns (int256)', {
      permission: byAccessList,
      run: grant,
    }),
    native('remove(string tableName, string account) returns (int256)', {
      permission: byAccessList,
      run: revoke,
    }),
    native('queryByName(string tableName) view returns (string json)', {
      run: ({ tables }, name) => describe(tables, tableOf(name)),
    }),
    native('grantWrite(address contractAddress, address user) returns (int256)', {
      permission: byManager,
      run: grantWrite,
    }),
    native('revokeWrite(address contractAddress, address user) returns (int256)', {
      permission: byManager,
      run: revokeWrite,
    }),
    native('queryPermission(address contractAddress) view returns (string json)', {
      run: ({ tables }, contract) => describe(tables, accountTable(contract)),
    }),
  ],
}

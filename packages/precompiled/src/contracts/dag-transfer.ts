/**
 * DagTransfer 0x5002 (spec 03 §3.14): balances by name, whose transfers run side by side.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { ResultCode, userTable } from '@bcos-ts/protocol'
import { NOT_AUTHORIZED, type Table, type TableDefinition } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { refuse } from '../framework/refusal.ts'
import { parseAssigned } from '../numbers.ts'
import { fieldOf, newRow, ownTable } from './rows.ts'

const BALANCE = 'user_balance'
const BALANCE_MAX = 2n ** 256n - 1n

const DEFINITION: TableDefinition = {
  name: userTable('dag_transfer'),
  keyField: 'user_name',
  valueFields: BALANCE,
}

/** The first row of a user counts; its text may come from elsewhere, since the table is an ordinary one. */
function balanceOf(table: Table, user: ByteText): bigint | undefined {
  const [row] = table.select(user)
  return row === undefined ? undefined : (parseAssigned(fieldOf(row, BALANCE)) ?? refuse())
}

function add({ tables, origin }: NativeFrame, table: Table, [user, balance]: Amount): number {
  return table.insert(user, newRow(tables, { [BALANCE]: String(balance) }), origin)
}

function set({ tables, origin }: NativeFrame, table: Table, [user, balance]: Amount): number {
  return table.update(user, newRow(tables, { [BALANCE]: String(balance) }), { writer: origin })
}

type Amount = readonly [user: ByteText, amount: bigint]

/** The code of a write: who is refused is told so, everybody else is not told a number of rows. */
function codeOf(count: number): number {
  return count === NOT_AUTHORIZED ? NOT_AUTHORIZED : ResultCode.done
}

function userAdd(call: NativeFrame, user: ByteText, balance: bigint): number {
  if (user === '') return ResultCode.invalidUserName
  const table = ownTable(call.tables, DEFINITION)
  if (table.select(user).length > 0) return ResultCode.userExists
  const row = call.tables.newEntry({ replacesKey: true })
  row.set(BALANCE, String(balance))
  return codeOf(table.insert(user, row, call.origin))
}

function userSave(call: NativeFrame, user: ByteText, amount: bigint): number {
  if (user === '') return ResultCode.invalidUserName
  if (amount === 0n) return ResultCode.invalidAmount
  const table = ownTable(call.tables, DEFINITION)
  const balance = balanceOf(table, user)
  if (balance === undefined) return codeOf(add(call, table, [user, amount]))
  if (balance + amount > BALANCE_MAX) return ResultCode.balanceOverflow
  return codeOf(set(call, table, [user, balance + amount]))
}

function userDraw(call: NativeFrame, user: ByteText, amount: bigint): number {
  if (user === '') return ResultCode.invalidUserName
  if (amount === 0n) return ResultCode.invalidAmount
  const table = ownTable(call.tables, DEFINITION)
  const balance = balanceOf(table, user)
  if (balance === undefined) return ResultCode.userMissing
  if (balance < amount) return ResultCode.insufficientBalance
  return codeOf(set(call, table, [user, balance - amount]))
}

function userTransfer(call: NativeFrame, from: ByteText, to: ByteText, amount: bigint): number {
  if (from === '' || to === '') return ResultCode.invalidUserName
  if (amount === 0n) return ResultCode.invalidAmount
  if (from === to) return ResultCode.done
  const table = ownTable(call.tables, DEFINITION)
  const balance = balanceOf(table, from)
  if (balance === undefined) return ResultCode.userMissing
  if (balance < amount) return ResultCode.insufficientBalance
  let receiving = balanceOf(table, to)
  if (receiving === undefined) {
    if (add(call, table, [to, 0n]) === NOT_AUTHORIZED) return NOT_AUTHORIZED
    receiving = 0n
  }
  if (receiving + amount > BALANCE_MAX) return ResultCode.balanceOverflow
  if (set(call, table, [from, balance - amount]) === NOT_AUTHORIZED) return NOT_AUTHORIZED
  set(call, table, [to, receiving + amount])
  return ResultCode.done
}

const permission = 'access list of u_dag_transfer'
const ofUser = (user: ByteText): readonly ByteText[] => (user === '' ? [] : [user])

export const dagTransfer: NativeContract = {
  name: 'DagTransfer',
  address: 0x5002,
  summary: 'Balances by name, whose transfers run side by side.',
  memory: 'output',
  unknown: 'empty',
  functions: [
    native('userAdd(string user, uint256 balance) returns (uint256)', {
      permission,
      criticalFields: ofUser,
      run: userAdd,
    }),
    native('userSave(string user, uint256 amount) returns (uint256)', {
      permission,
      criticalFields: ofUser,
      run: userSave,
    }),
    native('userDraw(string user, uint256 amount) returns (uint256)', {
      permission,
      criticalFields: ofUser,
      run: userDraw,
    }),
    native('userTransfer(string from, string to, uint256 amount) returns (uint256)', {
      permission,
      criticalFields: (from, to) => (from === '' || to === '' ? [] : [from, to]),
      run: userTransfer,
    }),
    native('userBalance(string user) view returns (uint256 code, uint256 balance)', {
      // The reference lets a query run at any time, with any result; here it waits its turn.
      criticalFields: ofUser,
      run({ tables }, user) {
        if (user === '') return [ResultCode.invalidUserName, 0n] as const
        const balance = balanceOf(ownTable(tables, DEFINITION), user)
        if (balance === undefined) return [ResultCode.userMissing, 0n] as const
        return [ResultCode.done, balance] as const
      },
    }),
  ],
}

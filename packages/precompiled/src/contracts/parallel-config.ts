/**
 * ParallelConfig 0x1006 (spec 03 §3.7): by which of its parameters calls of a contract's function conflict.
 * @module
 */
import { type ByteText, textToBytes } from '@bcos-ts/common'
import { type Address, parallelTable, ResultCode } from '@bcos-ts/protocol'
import type { TableDefinition } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { selectorNumber } from '../framework/dispatch.ts'
import { newRow, ownTable, where } from './rows.ts'

/** The key of every row in such a table. */
export const PARALLEL_KEY = 'parallel'

/** Decimal text of the selector of a signature, which nobody checks. */
function selectorText({ suite }: NativeFrame, signature: ByteText): string {
  return String(selectorNumber(suite.hash(textToBytes(signature))))
}

function definitionOf(contract: Address): TableDefinition {
  return {
    name: parallelTable(contract),
    keyField: PARALLEL_KEY,
    valueFields: 'selector,functionName,criticalSize',
  }
}

const permission = 'anybody, for any contract'

export const parallelConfig: NativeContract = {
  name: 'ParallelConfig',
  address: 0x1006,
  summary: 'By which of its parameters calls of a contract function conflict.',
  memory: 'output',
  unknown: 'empty',
  functions: [
    native(
      'registerParallelFunctionInternal(address contractAddress, string signature, uint256 criticalSize) returns (uint256)',
      {
        permission,
        run(call, contract, functionName, criticalSize) {
          const { tables } = call
          const table = ownTable(tables, definitionOf(contract))
          const selector = selectorText(call, functionName)
          const condition = where(tables, 'selector', selector)
          const row = newRow(tables, {
            selector,
            functionName,
            criticalSize: String(criticalSize),
          })
          const isNew = table.select(PARALLEL_KEY, condition).length === 0
          if (isNew) table.insert(PARALLEL_KEY, row, undefined)
          else table.update(PARALLEL_KEY, row, { condition, writer: undefined })
          return ResultCode.done
        },
      },
    ),
    native(
      'unregisterParallelFunctionInternal(address contractAddress, string signature) returns (uint256)',
      {
        permission,
        run(call, contract, functionName) {
          const table = ownTable(call.tables, definitionOf(contract))
          const condition = where(call.tables, 'selector', selectorText(call, functionName))
          table.remove(PARALLEL_KEY, { condition, writer: undefined })
          return ResultCode.done
        },
      },
    ),
  ],
}

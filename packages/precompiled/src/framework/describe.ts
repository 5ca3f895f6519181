/**
 * What others need to know of a native contract, read from its declaration: the ABI for clients, and Solidity text
 * for contracts that call it.
 * @module
 */
import type { AbiItem } from '@bcos-ts/protocol/abi'
import type { FunctionTable, NativeContract, NativeFunction, NativeObject } from './declaration.ts'

type Described = FunctionTable<never>

/** The ABI, as in a JSON file. Functions whose selector is not that of their signature are not in it. */
export function abiOf(table: Described): AbiItem[] {
  return callableOf(table).map(({ name, inputs, outputs, mutability }) => ({
    type: 'function',
    name,
    inputs: inputs.map((one) => ({ name: one.name, type: one.type })),
    outputs: outputs.map((one) => ({ name: one.name, type: one.type })),
    stateMutability: mutability,
    constant: mutability !== 'nonpayable',
  }))
}

function callableOf(table: Described): readonly NativeFunction<never>[] {
  return table.functions.filter((one) => one.isCallable)
}

const HEADER = `// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.4.24 <0.9.0;`

/**
 * A Solidity source file, from compiler 0.4.24 on. One contract for each table, with functions that have no body
 * to run: code that calls them at the right address reaches the native ones.
 */
export function solidityOf(...tables: readonly (NativeContract | NativeObject<never>)[]): string {
  return `${[HEADER, ...tables.map(contractText)].join('\n\n')}\n`
}

function contractText(table: NativeContract | NativeObject<never>): string {
  const place = 'address' in table ? ` At address 0x${table.address.toString(16)}.` : ''
  const functions = callableOf(table).map(functionText)
  return [`/// ${table.summary}${place}`, `contract ${table.name} {`, ...functions, '}'].join('\n')
}

function functionText({ name, inputs, outputs, ...one }: NativeFunction<never>): string {
  const note = one.permission === undefined ? '' : `    // For: ${one.permission}.\n`
  const mutability = one.mutability === 'nonpayable' ? '' : ` ${one.mutability}`
  const returns = outputs.length === 0 ? '' : ` returns (${outputs.map(parameterText).join(', ')})`
  const parameters = inputs.map(parameterText).join(', ')
  return `${note}    function ${name}(${parameters}) public${mutability}${returns} {}`
}

function parameterText({ type, name }: { readonly type: string; readonly name: string }): string {
  const isInMemory = type === 'string' || type === 'bytes' || type.endsWith('[]')
  return [type, isInMemory ? 'memory' : '', name].filter((word) => word !== '').join(' ')
}

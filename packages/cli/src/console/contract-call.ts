/**
 * Deploying and calling contracts with arguments as they were typed.
 * @module
 */
import { concatBytes } from '@bcos-ts/common'
import { type AbiItem, encodeAbi, signatureOf } from '@bcos-ts/protocol/abi'
import {
  AmbiguousFunctionError,
  Contract,
  type ContractEvent,
  type NativeUser,
  UnknownFunctionError,
} from '@bcos-ts/sdk'
import type { CompiledContract } from '../solidity/compile.ts'
import { decodedToJson, isReadOnly, parseAbiValues } from './abi-value.ts'
import { ConsoleStateError } from './errors.ts'
import type { Word } from './line.ts'
import { fields, type Json, type Output, toJson } from './output.ts'
import type { Session } from './session.ts'

export interface DeployedContract {
  /** 0x hex. */
  readonly address: string
  readonly transactionHash: string
}

/** Deploys a contract and writes it down. Throws `CONSOLE_ABI_VALUE`, and as `Client.send` does. */
export async function deployContract(
  session: Session,
  { name, abi, code }: CompiledContract,
  words: readonly Word[],
): Promise<DeployedContract> {
  if (code.length === 0) {
    throw new ConsoleStateError(name, 'it has functions without a body and cannot be deployed')
  }
  const inputs = abi.find(({ type }) => type === 'constructor')?.inputs ?? []
  const values = parseAbiValues(`constructor of ${name}`, inputs, words)
  const { client, account } = await session.user()
  const group = await session.chainGroup()
  const receipt = await client.send(account, { data: concatBytes(code, encodeAbi(inputs, values)) })
  const address = receipt.contractAddress
  await session.deployments.add({ ...group, name, address, timeMs: session.clock.nowMs() }, abi)
  return { address, transactionHash: receipt.transactionHash }
}

export interface ContractCall {
  readonly abi: readonly AbiItem[]
  /** 0x hex. */
  readonly address: string
  /** Name or signature. */
  readonly function: string
  readonly words: readonly Word[]
}

/** Calls a function that changes nothing, or sends a transaction to one that does. */
export async function callContract(user: NativeUser, call: ContractCall): Promise<Output> {
  const item = functionOf(call)
  const values = parseAbiValues(signatureOf(item), item.inputs ?? [], call.words)
  const contract = new Contract(call.address, { ...user, abi: call.abi })
  const signature = signatureOf(item)
  if (isReadOnly(item)) {
    const results = await contract.call(signature, ...values)
    return fields([
      ['Return code', 0],
      ['Return message', 'Success'],
      ['Return values', decodedToJson(item.outputs ?? [], results)],
    ])
  }
  const { receipt, values: results, events } = await contract.send(signature, ...values)
  return fields([
    ['transaction hash', receipt.transactionHash],
    ['transaction status', '0x0'],
    ['block number', receipt.blockNumber],
    ['gas used', receipt.gasUsed.toString()],
    ['Return values', decodedToJson(item.outputs ?? [], results)],
    ['Event logs', events.map(eventJson)],
  ])
}

export function eventJson({ name, args }: ContractEvent): Json {
  return { [name]: toJson(args) }
}

/** The function that a name and a number of arguments mean. */
function functionOf({ abi, function: name, words }: ContractCall): AbiItem {
  const functions = abi.filter(({ type }) => type === 'function')
  const named = functions.filter((item) => item.name === name || signatureOf(item) === name)
  if (named.length === 0) throw new UnknownFunctionError(name, functions.map(signatureOf))
  const fitting = named.filter(({ inputs = [] }) => inputs.length === words.length)
  const [first] = fitting.length === 0 ? named : fitting
  if (first === undefined || fitting.length > 1) {
    throw new AmbiguousFunctionError(name, named.map(signatureOf))
  }
  return first
}

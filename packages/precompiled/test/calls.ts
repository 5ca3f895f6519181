/**
 * Calls of native functions by signature, with results that are easy to compare.
 * @module
 */
import { assert, concatBytes } from '@bcos-ts/common'
import type { Address } from '@bcos-ts/protocol'
import {
  type AbiValue,
  decodeAbi,
  type DecodedAbiValue,
  encodeAbi,
  selectorOf,
} from '@bcos-ts/protocol/abi'
import type { NativeOutcome } from '@bcos-ts/protocol/ports'
import { type NativeContract, nativeAddress, type NativeObject } from '../src/index.ts'
import type { BlockWorld, World } from './world.ts'

/** Numbers that fit are numbers. */
export type Answer = number | string | boolean | bigint | undefined | readonly Answer[]

export interface Failure {
  readonly failed: string
}

export interface CallOptions {
  readonly origin?: Address
  readonly sender?: Address
}

export const ALICE: Address = 'a1'.repeat(20)
export const BOB: Address = 'b0'.repeat(20)

/** Calls in one block, by Alice unless somebody else is named. */
export class Calls {
  readonly block: BlockWorld
  readonly #suite: World['suite']

  constructor(block: BlockWorld, suite: World['suite']) {
    this.block = block
    this.#suite = suite
  }

  input(signature: string, values: readonly AbiValue[] = []): Uint8Array {
    const types = signature.slice(signature.indexOf('(') + 1, -1)
    const list = types === '' ? [] : types.split(',')
    return concatBytes(selectorOf(signature, this.#suite), encodeAbi(list, values))
  }

  /** Output and gas as they are. */
  raw(to: Address, input: Uint8Array, { origin = ALICE, sender }: CallOptions = {}): NativeOutcome {
    return this.block.call({ to, origin, input, ...(sender !== undefined && { sender }) })
  }

  /** A function of a contract: its result, or its tuple of results, or the text of its refusal. */
  contract(
    contract: NativeContract,
    signature: string,
    values: readonly AbiValue[] = [],
    options: CallOptions = {},
  ): Answer | Failure {
    return this.object([contract, nativeAddress(contract.address)], signature, values, options)
  }

  /** A function of a contract that gives an object: the object's address. */
  open(contract: NativeContract, signature: string, values: readonly AbiValue[] = []): Address {
    return addressOf(this.contract(contract, signature, values))
  }

  /** A function of an object. */
  object(
    [table, address]: readonly [NativeContract | NativeObject<never>, Address],
    signature: string,
    values: readonly AbiValue[] = [],
    options: CallOptions = {},
  ): Answer | Failure {
    const input = this.input(signature, values)
    const outcome = this.raw(address, input, options)
    if (outcome.type === 'failed') return { failed: outcome.text }
    const found = table.functions.find(
      ({ name, inputs }) => signature === `${name}(${inputs.map(({ type }) => type).join(',')})`,
    )
    return decode(found?.outputs.map(({ type }) => type) ?? ['int256'], outcome.output)
  }
}

/** An address in an answer, as calls are sent to it. */
export function addressOf(answer: Answer | Failure): Address {
  return textOf(answer).slice(2)
}

export function textOf(answer: Answer | Failure): string {
  assert(typeof answer === 'string', 'the answer is a text')
  return answer
}

function decode(types: readonly string[], output: Uint8Array): Answer {
  // One word where the signature declares something else is a code.
  if (output.length === 32) {
    const [type = 'int256'] = types
    const isOther = types.length > 1 || ['string', 'bytes'].includes(type)
    return simple(decodeAbi([isOther ? 'int256' : type], output)[0])
  }
  const values = output.length === 0 ? [] : decodeAbi(types, output).map(simple)
  return values.length < 2 ? values[0] : values
}

function simple(value: DecodedAbiValue | undefined): Answer {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }
  return isList(value) ? value.map(simple) : value
}

function isList(value: DecodedAbiValue | undefined): value is readonly DecodedAbiValue[] {
  return Array.isArray(value)
}

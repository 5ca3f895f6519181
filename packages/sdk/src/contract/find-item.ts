import { type AbiItem, signatureOf } from '@bcos-ts/protocol/abi'
import { AmbiguousFunctionError, UnknownFunctionError } from '../errors.ts'
import type { Abi } from './abi-types.ts'

/**
 * The function of a name or signature. Of several with a name, the only one that takes so many arguments.
 * Throws `SDK_UNKNOWN_FUNCTION`, `SDK_AMBIGUOUS_FUNCTION`.
 */
export function functionNamed(abi: Abi, name: string, argumentCount: number): AbiItem {
  const functions = abi.filter(({ type }) => type === 'function')
  const exact = functions.find((item) => signatureOf(item) === name)
  if (exact !== undefined) return exact
  const named = functions.filter((item) => item.name === name)
  const [first] = named
  if (first === undefined) throw new UnknownFunctionError(name, functions.map(signatureOf))
  if (named.length === 1) return first
  const fitting = named.filter(({ inputs = [] }) => inputs.length === argumentCount)
  const [only] = fitting
  if (only === undefined || fitting.length > 1) {
    throw new AmbiguousFunctionError(name, named.map(signatureOf))
  }
  return only
}

/** The event of a name or signature. Throws `SDK_UNKNOWN_FUNCTION`. */
export function eventNamed(abi: Abi, name: string): AbiItem {
  const events = abi.filter(({ type }) => type === 'event')
  const found = events.find((item) => item.name === name || signatureOf(item) === name)
  if (found === undefined) throw new UnknownFunctionError(name, events.map(signatureOf))
  return found
}

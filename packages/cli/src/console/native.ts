/**
 * How answers of native contracts are shown.
 * @module
 */
import { ContractRefusalError } from './errors.ts'
import { type Json, json, type Output } from './output.ts'

interface Result {
  readonly code: number
  readonly message: string
  readonly receipt?: { readonly transactionHash: string } | undefined
}

/**
 * What a transaction to a native contract did, in the form of 2.x. Throws `CONSOLE_CONTRACT_REFUSED` for a refusal.
 * `more` is shown too.
 */
export function resultOutput(
  command: string,
  result: Result,
  more: Readonly<Record<string, Json>> = {},
): Output {
  const { code, message, receipt } = accepted(command, result)
  return json({
    code,
    msg: message,
    ...(receipt && { transactionHash: receipt.transactionHash }),
    ...more,
  })
}

/** The result, unless it is a refusal. Throws `CONSOLE_CONTRACT_REFUSED`. */
export function accepted<T extends Result>(command: string, result: T): T {
  if (result.code >= 0) return result
  throw new ContractRefusalError(command, result, result.receipt?.transactionHash ?? null)
}

/** Of a vote: whether it was the last that was needed (spec 03 §3.9). */
export function voteOutput(command: string, result: Result): Output {
  const isDecided = result.code !== 0
  return resultOutput(
    command,
    isDecided ? result : { ...result, message: 'the vote counts; more votes are needed' },
    { isDecided },
  )
}

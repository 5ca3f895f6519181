import { messageOf } from '@bcos-ts/common'
import { InvalidAnswerError, RpcError } from '../errors.ts'

export function requestText(method: string, params: readonly unknown[], id: number): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params })
}

/** The `result` of an answer. Throws `SDK_RPC_ERROR`, `SDK_INVALID_ANSWER`. */
export function readAnswer(method: string, text: string): unknown {
  const answer = parse(method, text)
  const { error, result } = answer
  if (error === undefined || error === null) {
    if (result === undefined) throw new InvalidAnswerError(method, 'it has no result')
    return result
  }
  const { code, message } = error
  throw new RpcError(method, Number(code), String(message))
}

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly code?: unknown; readonly message?: unknown } | null
}

function parse(method: string, text: string): Answer {
  let answer: Answer | null
  try {
    answer = JSON.parse(text)
  } catch (error) {
    throw new InvalidAnswerError(method, messageOf(error), error)
  }
  if (typeof answer !== 'object' || answer === null) {
    throw new InvalidAnswerError(method, 'it is no object')
  }
  return answer
}

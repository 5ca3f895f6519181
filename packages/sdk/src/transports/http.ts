import { messageOf } from '@bcos-ts/common'
import { InvalidAnswerError, NoConnectionError, RpcError } from '../errors.ts'
import type { Transport } from '../transport.ts'

declare function fetch(
  url: string,
  init: { method: string; headers: Record<string, string>; body: string; signal: unknown },
): Promise<{ text(): Promise<string> }>
declare const AbortSignal: { timeout(ms: number): unknown }

export interface HttpTransportInit {
  /** JSON-RPC address of a node, such as `http://127.0.0.1:8545`. */
  readonly url: string
  /**
   * @default 10_000
   */
  readonly timeoutMs?: number
}

const TIMEOUT_MS_DEFAULT = 10_000

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}

/** JSON-RPC over HTTP. */
export function httpTransport({
  url,
  timeoutMs = TIMEOUT_MS_DEFAULT,
}: HttpTransportInit): Transport {
  let id = 0
  return {
    async request(method, params) {
      id += 1
      const body = JSON.stringify({ jsonrpc: '2.0', id, method, params })
      const answer = readAnswer(method, await post(url, body, timeoutMs))
      if (answer.error !== undefined) {
        throw new RpcError(method, answer.error.code, answer.error.message)
      }
      return answer.result
    },
  }
}

async function post(url: string, body: string, timeoutMs: number): Promise<string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    })
    return await response.text()
  } catch (error) {
    throw new NoConnectionError(url, messageOf(error), error)
  }
}

function readAnswer(method: string, text: string): Answer {
  try {
    const answer: Answer = JSON.parse(text)
    return answer
  } catch (error) {
    throw new InvalidAnswerError(method, messageOf(error), error)
  }
}

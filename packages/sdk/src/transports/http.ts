import { messageOf } from '@bcos-ts/common'
import { NoConnectionError } from '../errors.ts'
import type { Transport } from '../transport.ts'
import { readAnswer, requestText } from './json-rpc.ts'

declare function fetch(
  url: string,
  init: { method: string; headers: Record<string, string>; body: string; signal: unknown },
): Promise<{ text(): Promise<string> }>
declare const AbortSignal: { timeout(ms: number): unknown; any(signals: unknown[]): unknown }
declare class AbortController {
  readonly signal: unknown
  abort(): void
}

export interface HttpTransportInit {
  /** JSON-RPC address of a node, such as `http://127.0.0.1:8545`. */
  readonly url: string
  /**
   * @default 10_000
   */
  readonly timeoutMs?: number
}

const TIMEOUT_MS_DEFAULT = 10_000
/** Failures after which the node cannot have seen the request. */
const UNSENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** JSON-RPC over HTTP. Nodes do not speak first here: blocks and events are asked for. */
export function httpTransport({
  url,
  timeoutMs = TIMEOUT_MS_DEFAULT,
}: HttpTransportInit): Transport {
  let id = 0
  const closing = new AbortController()
  const post = async (body: string): Promise<string> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]),
      })
      return await response.text()
    } catch (error) {
      const reason = causeOf(error)
      const wasSent = !UNSENT.has(reason.code)
      throw new NoConnectionError(url, reason.text, { wasSent, cause: error })
    }
  }
  return {
    async request(method, params) {
      id += 1
      return readAnswer(method, await post(requestText(method, params, id)))
    },
    close() {
      closing.abort()
      return Promise.resolve()
    },
  }
}

/** What is behind the `fetch failed` of Node. */
function causeOf(error: unknown): { readonly text: string; readonly code: unknown } {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : ''
  return { text: messageOf(cause) || String(code), code }
}

/**
 * The channel protocol over a WebSocket to the JSON-RPC port of a node, for Node and browsers: one message is one
 * frame. Like that port it has no authentication and belongs on the loopback address.
 *
 * @example
 * ```ts
 * import { Client } from '@bcos-ts/sdk'
 * import { webSocketTransport } from '@bcos-ts/sdk/websocket'
 *
 * const client = new Client({ transport: webSocketTransport({ url: 'ws://127.0.0.1:8545' }) })
 * client.watchBlocks((number) => console.log(number))
 * ```
 * @module
 */
import { openWebSocket } from '#open-web-socket'
import type { PushingTransport } from './transport.ts'
import { PushLink, type PushLinkOptions } from './transports/frames/push-link.ts'

export interface WebSocketTransportInit extends PushLinkOptions {
  /** Such as `ws://127.0.0.1:8545`. */
  readonly url: string
}

export type WebSocketTransport = PushingTransport

export function webSocketTransport(init: WebSocketTransportInit): WebSocketTransport {
  return new PushLink({ ...init, dial: (handler) => openWebSocket(init.url, handler) })
}

/**
 * The channel protocol: how SDKs of BCOS 2.x talk to a node. Requests, receipts of what they sent, notices of
 * blocks and events, and AMOP, over TLS with certificates on both sides.
 *
 * @example
 * ```ts
 * import { JsonRpc } from '@bcos-ts/rpc'
 * import { ChannelServer, TlsListener } from '@bcos-ts/rpc/channel'
 *
 * const rpc = new JsonRpc({ node, suite }, logger)
 * const listener = new TlsListener({ host: '0.0.0.0', port: 20200, key, certificate, ca }, { logger })
 * const server = new ChannelServer({ listeners: [listener] }, { rpc, node, clock, timers, random, logger })
 * await server.start()
 * ```
 * @module
 */
export type { EventLimits } from '../events/event-push.ts'
export {
  ChannelServer,
  type ChannelServerComponents,
  type ChannelServerInit,
  type ClientListener,
} from './server.ts'
export type { ClientConnection, ClientHandler, ProtocolVersion } from './session.ts'
export { TlsListener, type TlsListenerInit } from './tls.ts'

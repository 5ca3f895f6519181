/**
 * The P2P network of a BCOS node: authenticated sessions to its neighbours, frames, topics and AMOP.
 *
 * @example
 * ```ts
 * import { P2pHost } from '@bcos-ts/network'
 * import { createMemoryHub, memoryTransport } from '@bcos-ts/network/memory'
 *
 * const hub = createMemoryHub()
 * const transport = memoryTransport({ hub, endpoint: 'n0:30300', self: { nodeId, agency, nodeName } })
 * const network = new P2pHost({ transport, peers: ['n1:30300'] }, components)
 * await network.start()
 * ```
 * @module
 */
export { type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.ts'
export {
  DialFailedError,
  InvalidCertificateError,
  InvalidEndpointError,
  InvalidFrameError,
  InvalidNodeIdError,
  ListenFailedError,
  NetworkError,
  type NetworkErrorCode,
  RequestFailedError,
} from './errors.ts'
export {
  COMPRESS_ABOVE_BYTES,
  encodeFrame,
  type EncodeOptions,
  FRAME_HEADER_BYTES,
  FrameDecoder,
  type P2pFrame,
} from './frame.ts'
export { type P2pComponents, P2pHost, type P2pInit } from './host.ts'
export { type NodeIdLists } from './node-lists.ts'
export {
  type Connection,
  type ConnectionHandler,
  type PeerIdentity,
  type Transport,
} from './transport.ts'
export { networkErrorGuide } from './error-guide.ts'

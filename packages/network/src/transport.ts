import type { NodeId } from '@bcos-ts/protocol'

/** Who is at the other end of a connection: proven by its certificate, never by what it says. */
export interface PeerIdentity {
  readonly nodeId: NodeId
  /** Common name of the issuer of its certificate. */
  readonly agency: string
  /** Common name of its certificate. */
  readonly nodeName: string
}

/** What becomes of the bytes of a connection. */
export interface ConnectionHandler {
  /** Bytes in the order they were sent, cut anywhere. They may be kept. */
  onData(piece: Uint8Array): void
  /** Called once, also after {@link Connection.close}. Nothing comes after it. */
  onClose(reason: string): void
}

/**
 * A duplex stream of bytes to an authenticated peer. No method throws, whatever state it is in.
 */
export interface Connection {
  readonly peer: PeerIdentity
  /** Remote end, `host:port`. */
  readonly remote: string
  /** Bytes that were written and are not yet on their way. */
  readonly pendingBytes: number
  /** Begins to read; called once. Until then nothing is taken from the peer. */
  open(handler: ConnectionHandler): void
  /** The bytes must not be changed afterwards. Nothing happens after the connection was closed. */
  write(bytes: Uint8Array): void
  /** Sends what was written, then ends; a peer that does not take it is cut off after a while. */
  close(reason: string): void
}

/** Makes connections. Handshakes are finished, and identities proven, before a connection is handed out. */
export interface Transport {
  /** Own identity, as peers will see it. */
  readonly self: PeerIdentity
  /**
   * Accepts connections from now on; resolves with the address that peers may dial.
   * Throws `NETWORK_LISTEN_FAILED`.
   */
  listen(onConnection: (connection: Connection) => void): Promise<string>
  /** Throws `NETWORK_DIAL_FAILED`, or `NETWORK_INVALID_ENDPOINT`. */
  dial(endpoint: string): Promise<Connection>
  /** Stops listening and abandons handshakes. Connections that were handed out stay. */
  close(): Promise<void>
}

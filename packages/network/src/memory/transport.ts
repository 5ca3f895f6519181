import { AcceptGate, type AcceptLimits } from '@bcos-ts/common'
import { parseEndpoint } from '../endpoint.ts'
import { DialFailedError, ListenFailedError } from '../errors.ts'
import type { Connection, PeerIdentity, Transport } from '../transport.ts'
import { MemoryConnection } from './connection.ts'
import type { MemoryHub } from './hub.ts'

export interface MemoryTransportParts {
  readonly hub: MemoryHub
  readonly endpoint: string
  readonly self: PeerIdentity
  readonly limits: AcceptLimits
}

const NOTHING = (): void => {}

export class MemoryTransport implements Transport {
  readonly self: PeerIdentity
  readonly #hub: MemoryHub
  readonly #endpoint: string
  readonly #gate: AcceptGate
  #isClosed = false

  constructor(parts: MemoryTransportParts) {
    this.self = parts.self
    this.#hub = parts.hub
    this.#endpoint = parts.endpoint
    this.#gate = new AcceptGate(parts.limits)
  }

  listen(onConnection: (connection: Connection) => void): Promise<string> {
    const isFree = this.#hub.listen(this.#endpoint, {
      self: this.self,
      enter: (address) => this.#gate.enter(address),
      onConnection,
    })
    if (!isFree) {
      return Promise.reject(new ListenFailedError(this.#endpoint, 'the endpoint is taken'))
    }
    return Promise.resolve(this.#endpoint)
  }

  async dial(endpoint: string): Promise<Connection> {
    parseEndpoint(endpoint)
    await new Promise<void>((resolve) => {
      this.#hub.timers.after(this.#hub.latencyMs, resolve)
    })
    const listener = this.#hub.listenerAt(endpoint)
    if (this.#isClosed) throw new DialFailedError(endpoint, 'the transport is closed')
    if (listener === undefined || this.#hub.isCut(this.#endpoint, endpoint)) {
      throw new DialFailedError(endpoint, 'nobody listens there')
    }
    const leave = listener.enter(this.#endpoint)
    if (leave === undefined) throw new DialFailedError(endpoint, 'too many connections')
    const hub = this.#hub
    const inbound = { hub, peer: this.self, local: endpoint, remote: this.#endpoint }
    const outbound = { hub, peer: listener.self, local: this.#endpoint, remote: endpoint }
    const near = new MemoryConnection({ ...outbound, onGone: NOTHING })
    const far = new MemoryConnection({ ...inbound, onGone: leave })
    MemoryConnection.join(near, far)
    listener.onConnection(far)
    return near
  }

  close(): Promise<void> {
    if (!this.#isClosed) this.#hub.unlisten(this.#endpoint)
    this.#isClosed = true
    return Promise.resolve()
  }
}

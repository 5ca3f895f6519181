import type { Timers } from '@bcos-ts/common'
import type { Connection, PeerIdentity } from '../transport.ts'

/** A transport that accepts connections. */
export interface MemoryListener {
  readonly self: PeerIdentity
  /** Takes a place for an address and returns how to give it back; `undefined` when there is none. */
  enter(address: string): (() => void) | undefined
  onConnection(connection: Connection): void
}

/** One end of a connection, as the wire knows it. */
export interface MemoryLink {
  readonly local: string
  readonly remote: string
  break(reason: string): void
}

/** The wire between the memory transports of one process. */
export class MemoryHub {
  readonly timers: Timers
  readonly latencyMs: number
  readonly #listeners = new Map<string, MemoryListener>()
  readonly #links = new Set<MemoryLink>()
  #isCut: (from: string, to: string) => boolean = () => false

  constructor(timers: Timers, latencyMs: number) {
    this.timers = timers
    this.latencyMs = latencyMs
  }

  /**
   * Until the next call, endpoints for which `isCut` answers true cannot reach each other: dialling fails,
   * and connections between them break.
   */
  partition(isCut: (from: string, to: string) => boolean): void {
    this.#isCut = isCut
    for (const link of this.#links) {
      if (this.isCut(link.local, link.remote)) link.break('the network is cut')
    }
  }

  isCut(from: string, to: string): boolean {
    return this.#isCut(from, to) || this.#isCut(to, from)
  }

  /** `false` when the endpoint is taken. */
  listen(endpoint: string, listener: MemoryListener): boolean {
    if (this.#listeners.has(endpoint)) return false
    this.#listeners.set(endpoint, listener)
    return true
  }

  unlisten(endpoint: string): void {
    this.#listeners.delete(endpoint)
  }

  listenerAt(endpoint: string): MemoryListener | undefined {
    return this.#listeners.get(endpoint)
  }

  track(link: MemoryLink): void {
    this.#links.add(link)
  }

  forget(link: MemoryLink): void {
    this.#links.delete(link)
  }
}

/**
 * A {@link Transport} inside one process, for examples, tests and the simulator. Identities are given, not
 * proven; everything else behaves as over TLS.
 *
 * @example
 * ```ts
 * import { createMemoryHub, memoryTransport } from '@bcos-ts/network/memory'
 *
 * const hub = createMemoryHub()
 * const transport = memoryTransport({ hub, endpoint: 'n0:30300', self: { nodeId, agency, nodeName } })
 * ```
 * @module
 */
import {
  ACCEPT_LIMITS_DEFAULT,
  type AcceptLimits,
  systemTimers,
  type Timers,
} from '@bcos-ts/common'
import type { PeerIdentity, Transport } from '../transport.ts'
import { MemoryHub } from './hub.ts'
import { MemoryTransport } from './transport.ts'

export { MemoryHub } from './hub.ts'

export interface MemoryHubInit {
  /** How long bytes travel, ms. @default 0 */
  readonly latencyMs?: number
  /** A simulator brings its own. @default the platform's */
  readonly timers?: Timers
}

/** Where transports of one process find each other. An object, not a module variable: two chains may live side by side. */
export function createMemoryHub(init: MemoryHubInit = {}): MemoryHub {
  return new MemoryHub(init.timers ?? systemTimers, init.latencyMs ?? 0)
}

/** What the caller decides. */
export interface MemoryTransportInit {
  readonly hub: MemoryHub
  /** The address to listen on and to be dialled at, `name:port`. */
  readonly endpoint: string
  readonly self: PeerIdentity
  readonly limits?: Partial<AcceptLimits>
}

export function memoryTransport(init: MemoryTransportInit): Transport {
  return new MemoryTransport({ ...init, limits: { ...ACCEPT_LIMITS_DEFAULT, ...init.limits } })
}

import { type Clock, isBcosError, type Logger, randomBelow } from '@bcos-ts/common'
import type { RandomSource, Timers } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import { parseEndpoint } from './endpoint.ts'
import type { Connection, Transport } from './transport.ts'

/** Waiting times before the next attempt; afterwards {@link CHECK_MS} (spec 04 §1.5). */
const QUICK_RETRY_MS: readonly number[] = [200, 300, 500, 1000, 2000, 4000]
const CHECK_MS = 10_000
/** Every waiting time is shortened or lengthened by up to a fifth, so that two nodes do not stay in step. */
const JITTER = 0.2
/** A session that lived so long was a good one: the quick attempts begin anew. */
const GOOD_SESSION_MS = 10_000

export interface DialerComponents {
  readonly transport: Transport
  readonly clock: Clock
  readonly timers: Timers
  readonly random: RandomSource
  readonly log: Logger
  readonly isConnected: (nodeId: NodeId) => boolean
  readonly onConnection: (connection: Connection) => void
}

interface Target {
  readonly endpoint: string
  nodeId: NodeId | undefined
  failures: number
  connectedAtMs: number
  isDialling: boolean
  lastFailure: string | undefined
  cancel: () => void
}

/** Keeps the configured peers connected: at once at first, then in growing intervals. */
export class Dialer {
  readonly #parts: DialerComponents
  #targets = new Map<string, Target>()
  #isRunning = false

  constructor(parts: DialerComponents) {
    this.#parts = parts
  }

  endpoints(): string[] {
    return [...this.#targets.keys()]
  }

  /** Throws `NETWORK_INVALID_ENDPOINT`, and then changes nothing. */
  configure(endpoints: readonly string[]): void {
    for (const endpoint of endpoints) parseEndpoint(endpoint)
    const former = this.#targets
    this.#targets = new Map()
    for (const endpoint of endpoints) {
      const target = former.get(endpoint) ?? newTarget(endpoint)
      this.#targets.set(endpoint, target)
      if (this.#isRunning && !former.has(endpoint)) this.#schedule(target, 0)
    }
    for (const [endpoint, target] of former) if (!this.#targets.has(endpoint)) target.cancel()
  }

  start(): void {
    this.#isRunning = true
    for (const target of this.#targets.values()) this.#schedule(target, 0)
  }

  stop(): void {
    this.#isRunning = false
    for (const target of this.#targets.values()) target.cancel()
  }

  /** A peer is gone: if it is one of ours, try again soon. */
  onDisconnected(nodeId: NodeId): void {
    const nowMs = this.#parts.clock.nowMs()
    for (const target of this.#targets.values()) {
      if (target.nodeId !== nodeId) continue
      target.nodeId = undefined
      if (nowMs - target.connectedAtMs >= GOOD_SESSION_MS) target.failures = 0
      this.#retry(target)
    }
  }

  #retry(target: Target): void {
    const delayMs = QUICK_RETRY_MS[target.failures] ?? CHECK_MS
    target.failures += 1
    this.#schedule(target, delayMs)
  }

  #schedule(target: Target, delayMs: number): void {
    target.cancel()
    if (!this.#isRunning || this.#targets.get(target.endpoint) !== target) return
    const swing = Math.floor(2 * JITTER * delayMs)
    const jitterMs = randomBelow(this.#parts.random, swing + 1) - swing / 2
    target.cancel = this.#parts.timers.after(delayMs + jitterMs, () => void this.#attempt(target))
  }

  async #attempt(target: Target): Promise<void> {
    const { transport, log } = this.#parts
    // The next look is planned first: it stands unless this attempt, or a lost session, plans an earlier one.
    this.#schedule(target, CHECK_MS)
    if (target.isDialling || target.nodeId === transport.self.nodeId) return
    if (target.nodeId !== undefined && this.#parts.isConnected(target.nodeId)) return
    target.isDialling = true
    try {
      const connection = await transport.dial(target.endpoint)
      if (!this.#isRunning) return connection.close('the node stops')
      target.nodeId = connection.peer.nodeId
      target.connectedAtMs = this.#parts.clock.nowMs()
      target.lastFailure = undefined
      this.#parts.onConnection(connection)
    } catch (error) {
      if (!isBcosError(error)) throw error
      // A reason is worth a warning once; afterwards it only repeats itself.
      const level = target.lastFailure === error.message ? 'debug' : 'warn'
      log.log(level, 'Connect failed', { endpoint: target.endpoint, reason: error.message })
      target.lastFailure = error.message
      this.#retry(target)
    } finally {
      target.isDialling = false
    }
  }
}

function newTarget(endpoint: string): Target {
  return {
    endpoint,
    nodeId: undefined,
    failures: 0,
    connectedAtMs: 0,
    isDialling: false,
    lastFailure: undefined,
    cancel: () => {},
  }
}

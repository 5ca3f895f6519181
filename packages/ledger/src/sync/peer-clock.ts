import type { Clock } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'

/** A peer's offset is replaced only when it has moved by more than this. */
const OFFSET_STEP_MS = 180_000

/** The node's clock, corrected by what most of its peers think (spec 04 §4.9). */
export interface PeerClock extends Clock {
  /** Takes note of the time that a member of the group has sent. */
  observe(peer: NodeId, timeMs: number): void
  forget(peer: NodeId): void
}

/**
 * Offsets of peers are kept as they were first seen, until they move by more than three minutes; the median
 * of them is added to `clock`. One wrong clock among many therefore moves nothing.
 */
export function createPeerClock(clock: Clock): PeerClock {
  return new MedianClock(clock)
}

class MedianClock implements PeerClock {
  readonly #clock: Clock
  readonly #offsets = new Map<NodeId, number>()
  #medianMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  nowMs(): number {
    return this.#clock.nowMs() + this.#medianMs
  }

  observe(peer: NodeId, timeMs: number): void {
    const offset = timeMs - this.#clock.nowMs()
    const known = this.#offsets.get(peer)
    if (known !== undefined && Math.abs(known - offset) <= OFFSET_STEP_MS) return
    this.#offsets.set(peer, offset)
    this.#medianMs = median([...this.#offsets.values()])
  }

  forget(peer: NodeId): void {
    if (this.#offsets.delete(peer)) this.#medianMs = median([...this.#offsets.values()])
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const high = sorted[middle] ?? 0
  if (sorted.length % 2 === 1) return high
  return Math.trunc(((sorted[middle - 1] ?? 0) + high) / 2)
}

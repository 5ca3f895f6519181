import type { Transport } from '../transport.ts'

/** A node, and what is known of it. */
export class Member {
  readonly transport: Transport
  /** When it last gave no answer. */
  failedAtMs: number = Number.NEGATIVE_INFINITY
  /** When it was last asked what it has. */
  askedAtMs: number = Number.NEGATIVE_INFINITY
  groups: ReadonlySet<number> | undefined
  readonly heights: Map<number, number> = new Map()

  constructor(transport: Transport) {
    this.transport = transport
  }

  /** A node that lags does not take a height back. */
  learnHeight(groupId: number, height: number): void {
    this.heights.set(groupId, Math.max(height, this.heights.get(groupId) ?? 0))
  }
}

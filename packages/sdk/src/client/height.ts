import type { Clock } from '@bcos-ts/common'
import type { PushTransport } from '../transport.ts'
import type { GroupQueries } from './group-queries.ts'

/** A limit 500 blocks ahead does not need the height of this very moment. */
const ASKED_MS = 2000
/** Notices may be missed: a height that nobody spoke of for so long is asked for. */
const TOLD_MS = 15_000

/** The height of a group: told by nodes where they speak first, else asked for. */
export class HeightTracker {
  readonly #queries: GroupQueries
  readonly #push: PushTransport | undefined
  readonly #clock: Clock
  #height = -1
  #knownAtMs = Number.NEGATIVE_INFINITY
  #unsubscribe: (() => void) | undefined

  constructor(queries: GroupQueries, clock: Clock) {
    this.#queries = queries
    this.#push = queries.transport.push
    this.#clock = clock
  }

  async height(): Promise<number> {
    this.#unsubscribe ??= this.#push?.onBlock(this.#queries.groupId, (height) =>
      this.#learn(height),
    )
    const ageMs = this.#clock.nowMs() - this.#knownAtMs
    if (ageMs > (this.#push === undefined ? ASKED_MS : TOLD_MS)) {
      this.#learn(await this.#queries.getBlockNumber())
    }
    return this.#height
  }

  stop(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
  }

  /** A node that lags does not take the height back. */
  #learn(height: number): void {
    this.#height = Math.max(this.#height, height)
    this.#knownAtMs = this.#clock.nowMs()
  }
}

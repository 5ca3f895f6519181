import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@bcos-ts/sdk'

const POLL_MS = 50

export interface SeenBlock {
  readonly number: number
  readonly atMs: number
  /** `0x` and 64 digits each. */
  readonly hashes: readonly string[]
  /** Proposed by the leader of view 0: there was no view change at its height. */
  readonly isFirstView: boolean
}

/** Looks at one node for new blocks, and tells of each in order. */
export class BenchWatch {
  readonly #client: Client
  readonly #onBlock: (block: SeenBlock) => void
  #height: number
  #isStopped = false
  #running: Promise<void> = Promise.resolve()

  constructor(client: Client, height: number, onBlock: (block: SeenBlock) => void) {
    this.#client = client
    this.#height = height
    this.#onBlock = onBlock
  }

  get height(): number {
    return this.#height
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const latest = await this.#client.getBlockNumber().catch(() => this.#height)
      const atMs = performance.now()
      while (this.#height < latest) {
        const { transactions, sealer, sealerList } = await this.#client.getBlockByNumber(
          this.#height + 1,
        )
        const isFirstView = sealer === this.#height % sealerList.length
        this.#height += 1
        this.#onBlock({ number: this.#height, atMs, hashes: transactions, isFirstView })
      }
      await sleep(POLL_MS)
    }
  }
}

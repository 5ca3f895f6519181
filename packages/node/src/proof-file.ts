import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Logger, messageOf, type Startable } from '@bcos-ts/common'
import type { ProofStore } from '@bcos-ts/consensus'

/**
 * The newest proof of a commit, in a file of a group's votes. It is written while the block is, and nobody waits for it; a
 * record that comes meanwhile takes the place of the one that waits.
 */
export class ProofFile implements ProofStore, Startable {
  readonly #path: string
  readonly #logger: Logger
  #next: Uint8Array | undefined
  #writing: Promise<void> | undefined

  constructor(folder: string, logger: Logger) {
    this.#path = join(folder, 'commit-proof')
    this.#logger = logger
  }

  /** The folder is made by whoever keeps the votes. */
  start(): void {}

  keep(record: Uint8Array): void {
    this.#next = record
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
    })
  }

  restore(): readonly Uint8Array[] {
    return existsSync(this.#path) ? [new Uint8Array(readFileSync(this.#path))] : []
  }

  /** Resolves when everything is written. */
  async stop(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    for (let record = this.#next; record !== undefined; record = this.#next) {
      this.#next = undefined
      try {
        await writeFile(this.#path, record)
      } catch (error) {
        const fields = { file: this.#path, reason: messageOf(error) }
        this.#logger.warn(
          'a proof of a commit is not kept: it is gone when this node stops',
          fields,
        )
      }
    }
  }
}

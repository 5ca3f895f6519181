import { availableParallelism } from 'node:os'
import {
  assertBatch,
  roomForSigners,
  type SignatureBatch,
  type SignedBatch,
  type Signers,
} from '../../signature-batch.ts'
import { inlineSignatureBatches, type SignatureBatches } from '../../signature-batches.ts'
import type { BatchSuite } from '../../suite.ts'
import { BLOCK, CAPACITY, SharedBatch } from './shared-batch.ts'
import { Thread } from './thread.ts'

/** More threads than this only wait for the one that fills the batches. */
const THREADS_MAX = 8
/** Below this a thread is woken for less than it costs to wait for it. */
const SMALLEST_SHARED = 2 * BLOCK

export interface SignatureBatchesOptions {
  /** Threads beside this one. Default: one for each other core when there are more than two cores, at most 8. */
  readonly threads?: number
  /** The compiled `batch-worker.js`; only sources that run uncompiled have to name it. */
  readonly workerFile?: URL
}

function defaultThreads(): number {
  const cores = availableParallelism()
  return cores > 2 ? Math.min(cores - 1, THREADS_MAX) : 0
}

/**
 * Batches of signatures on the other cores of this machine, each thread with the suite of `createNodeSuites` that has the
 * same name. Inline on one or two cores, for fewer than 64 signatures, before the threads have started, and when they died.
 */
export function createSignatureBatches(
  suite: BatchSuite,
  options: SignatureBatchesOptions = {},
): SignatureBatches {
  const threads = options.threads ?? defaultThreads()
  if (threads === 0) return inlineSignatureBatches(suite)
  return new ThreadedBatches(suite, { ...options, threads })
}

class ThreadedBatches implements SignatureBatches {
  readonly #suite: BatchSuite
  readonly #shared: SharedBatch
  readonly #threads: readonly Thread[]
  /** The batch before; there is one memory. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(suite: BatchSuite, options: SignatureBatchesOptions & { readonly threads: number }) {
    this.#suite = suite
    this.#shared = new SharedBatch(suite)
    const file = options.workerFile ?? new URL('batch-worker.js', import.meta.url)
    const { memory } = this.#shared
    const data = { suite: suite.name, memory }
    this.#threads = Array.from(
      { length: options.threads },
      (_, i) => new Thread(file, { ...data, owner: i + 1 }),
    )
  }

  get threads(): number {
    return this.#threads.filter((thread) => thread.isReady).length
  }

  async recover(batch: SignatureBatch): Promise<Signers> {
    if (!this.#isShared(batch)) return this.recoverInline(batch)
    const signers = roomForSigners(batch.count)
    await this.#share(copyOf(batch), (from) => this.#shared.copySigners(signers, from))
    return signers
  }

  async verify(batch: SignedBatch): Promise<Uint8Array> {
    if (!this.#isShared(batch)) return this.verifyInline(batch)
    const valid = new Uint8Array(batch.count)
    const copy = { ...copyOf(batch), publicKeys: batch.publicKeys.slice() }
    await this.#share(copy, (from) => this.#shared.copyValid(valid, from))
    return valid
  }

  recoverInline(batch: SignatureBatch): Signers {
    return this.#suite.recoverMany(batch)
  }

  verifyInline(batch: SignedBatch): Uint8Array {
    return this.#suite.verifyMany(batch)
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(async (thread) => thread.stop()))
    await this.#last
  }

  #isShared(batch: SignatureBatch | SignedBatch): boolean {
    assertBatch(batch, this.#suite.signatureBytes)
    return batch.count >= SMALLEST_SHARED && this.threads > 0
  }

  /** Works a batch off, memory by memory, after those that came before. */
  async #share(batch: SignatureBatch, takeOut: (from: number) => void): Promise<void> {
    const before = this.#last
    const work = (async () => {
      await before
      for (let from = 0; from < batch.count; from += CAPACITY) {
        this.#shared.fill(batch, from, Math.min(CAPACITY, batch.count - from))
        await Promise.all(this.#threads.map(async (thread) => thread.work()))
        this.#shared.finish()
        takeOut(from)
      }
    })()
    this.#last = work.catch(() => {})
    await work
  }
}

/** The buffers of a batch may be another's before its turn comes. */
function copyOf({ count, digests, signatures }: SignatureBatch): SignatureBatch {
  return { count, digests: digests.slice(), signatures: signatures.slice() }
}

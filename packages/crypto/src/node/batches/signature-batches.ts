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
import { SharedBatch } from './shared-batch.ts'
import { type Question, Sharing } from './sharing.ts'
import { Thread } from './thread.ts'

/** More threads than this only wait for the one that fills the batches. */
const THREADS_MAX = 8
/** Below this a thread is woken for less than it costs to wait for it. */
const SMALLEST_SHARED = 8

export interface SignatureBatchesOptions {
  /** Threads beside this one. Default: one for each other core, at most 8. */
  readonly threads?: number
  /** The compiled `batch-worker.js`; only sources that run uncompiled have to name it. */
  readonly workerFile?: URL
  /** Milliseconds that never go back. @default performance.now */
  readonly nowMs?: () => number
}

/**
 * Batches of signatures on the other cores of this machine, each thread with the suite of `createNodeSuites` that has the
 * same name. Inline on one core, for fewer than 8 signatures, before the threads have started, when they died, and
 * while the other cores are busy with something else.
 */
export function createSignatureBatches(
  suite: BatchSuite,
  options: SignatureBatchesOptions = {},
): SignatureBatches {
  const threads = options.threads ?? Math.min(availableParallelism() - 1, THREADS_MAX)
  if (threads === 0) return inlineSignatureBatches(suite)
  return new ThreadedBatches(suite, { ...options, threads })
}

/** A batch that waits for its turn, or of which a part is done. */
interface Job {
  readonly batch: SignatureBatch | SignedBatch
  /** Takes signatures over from the shared memory: those from place `at` become those from `to` on. */
  readonly take: (at: number, count: number, to: number) => void
  readonly resolve: () => void
  taken: number
}

/** Signatures of a job in the shared memory. */
interface Piece {
  readonly job: Job
  readonly at: number
  readonly from: number
  readonly count: number
}

class ThreadedBatches implements SignatureBatches {
  readonly #suite: BatchSuite
  readonly #shared: SharedBatch
  readonly #threads: readonly Thread[]
  readonly #sharing: Sharing
  readonly #nowMs: () => number
  /** There is one memory: what comes while threads work waits here, and goes together. */
  readonly #jobs: Job[] = []
  #work: Promise<void> | undefined

  constructor(suite: BatchSuite, options: SignatureBatchesOptions & { readonly threads: number }) {
    this.#suite = suite
    this.#shared = new SharedBatch(suite)
    this.#nowMs = options.nowMs ?? (() => performance.now())
    this.#sharing = new Sharing(this.#nowMs)
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

  get isSharing(): boolean {
    return this.#sharing.isOn && this.threads > 0
  }

  async recover(batch: SignatureBatch): Promise<Signers> {
    if (!this.#isShared(batch)) return this.recoverInline(batch)
    const into = roomForSigners(batch.count)
    await this.#share(copyOf(batch), (at, count, to) =>
      this.#shared.copySigners(at, count, { into, to }),
    )
    return into
  }

  async verify(batch: SignedBatch): Promise<Uint8Array> {
    if (!this.#isShared(batch)) return this.verifyInline(batch)
    const into = new Uint8Array(batch.count)
    const copy = { ...copyOf(batch), publicKeys: batch.publicKeys.slice() }
    await this.#share(copy, (at, count, to) => this.#shared.copyValid(at, count, { into, to }))
    return into
  }

  recoverInline(batch: SignatureBatch): Signers {
    return this.#timed('recover', batch.count, () => this.#suite.recoverMany(batch))
  }

  verifyInline(batch: SignedBatch): Uint8Array {
    return this.#timed('verify', batch.count, () => this.#suite.verifyMany(batch))
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(async (thread) => thread.stop()))
    await this.#work
  }

  #isShared(batch: SignatureBatch | SignedBatch): boolean {
    assertBatch(batch, this.#suite.signatureBytes)
    // The first batches tell what a signature costs here.
    return (
      batch.count >= SMALLEST_SHARED &&
      this.isSharing &&
      this.#sharing.isMeasured(questionOf(batch))
    )
  }

  #timed<T>(question: Question, count: number, run: () => T): T {
    if (count < SMALLEST_SHARED) return run()
    const startMs = this.#nowMs()
    const result = run()
    this.#sharing.noteInline(question, count, this.#nowMs() - startMs)
    return result
  }

  #share(batch: Job['batch'], take: Job['take']): Promise<void> {
    return new Promise((resolve) => {
      this.#jobs.push({ batch, take, resolve, taken: 0 })
      this.#work ??= this.#workOff().finally(() => {
        this.#work = undefined
      })
    })
  }

  /** Memory by memory, until no job waits. */
  async #workOff(): Promise<void> {
    while (this.#jobs.length > 0) {
      const pieces = this.#fill()
      const count = pieces.reduce((sum, piece) => sum + piece.count, 0)
      await Promise.all(this.#threads.map(async (thread) => thread.work()))
      this.#shared.finish()
      const question = pieces[0] === undefined ? 'recover' : questionOf(pieces[0].job.batch)
      // Claims that are not true take longer, and are no sign of busy cores.
      if (question === 'recover' || this.#shared.areAllGood) {
        this.#sharing.noteShared(question, count, this.#shared.spentMs)
      }
      for (const { job, at, from, count: ofPiece } of pieces) {
        job.take(at, ofPiece, from)
        if (from + ofPiece === job.batch.count) job.resolve()
      }
    }
  }

  /** As many jobs as go together, in order: of one kind, and as far as there is room. */
  #fill(): readonly Piece[] {
    const isVerify = 'publicKeys' in (this.#jobs[0]?.batch ?? {})
    this.#shared.begin(isVerify)
    const pieces: Piece[] = []
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      if ('publicKeys' in job.batch !== isVerify || this.#shared.room === 0) break
      const from = job.taken
      const count = Math.min(job.batch.count - from, this.#shared.room)
      pieces.push({ job, at: this.#shared.add(job.batch, from, count), from, count })
      job.taken += count
      if (job.taken === job.batch.count) this.#jobs.shift()
    }
    this.#shared.open()
    return pieces
  }
}

function questionOf(batch: SignatureBatch | SignedBatch): Question {
  return 'publicKeys' in batch ? 'verify' : 'recover'
}

/** The buffers of a batch may be another's before its turn comes. */
function copyOf({ count, digests, signatures }: SignatureBatch): SignatureBatch {
  return { count, digests: digests.slice(), signatures: signatures.slice() }
}

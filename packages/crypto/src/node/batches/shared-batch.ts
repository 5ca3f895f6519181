import type { SignatureBatch, SignedBatch, Signers } from '../../signature-batch.ts'
import type { BatchSuite } from '../../suite.ts'

/** Signatures that the shared memory holds: 1.3 MB for the longer ones. */
const CAPACITY = 4096
/** Signatures that a thread takes at a time, at least: as many as engines recover together. */
const BLOCK = 32
/** The same where signatures are cheaper the more of them are judged together. */
const TOGETHER = 128

// What a thread does with a block.
const RECOVER = 0
const VERIFY = 1

// States of a block; any other is the number of the thread that has taken it.
const OPEN = 0
const DONE = -1

/** Words of the head: signatures, what to do, microseconds of all threads; then the states of the blocks. */
const HEAD_WORDS = 3
const SPENT = 2
const US_PER_MS = 1000
const HEAD_BYTES = 4 * (HEAD_WORDS + CAPACITY / BLOCK)

/** Where in an answer something goes. */
interface Place<T> {
  readonly into: T
  /** Number of the first signature. */
  readonly to: number
}

/** A batch in memory that threads share, cut into blocks that they take one after the other. */
export class SharedBatch {
  readonly memory: SharedArrayBuffer
  readonly #suite: BatchSuite
  readonly #head: Int32Array
  readonly #states: Int32Array
  readonly #digests: Uint8Array
  readonly #signatures: Uint8Array
  readonly #asked: Uint8Array
  readonly #signers: Signers

  /** Lays a new batch out, or opens one that another thread has laid out for the same suite. */
  constructor(suite: BatchSuite, memory?: SharedArrayBuffer) {
    this.#suite = suite
    const sizes = [32, suite.signatureBytes, 64, 64, 20, 1].map((bytes) => bytes * CAPACITY)
    const total = sizes.reduce((sum, size) => sum + size, HEAD_BYTES)
    this.memory = memory ?? new SharedArrayBuffer(total)
    this.#head = new Int32Array(this.memory, 0, HEAD_WORDS)
    this.#states = new Int32Array(this.memory, 4 * HEAD_WORDS, CAPACITY / BLOCK)
    let from = HEAD_BYTES
    const next = (bytes: number): Uint8Array => {
      const view = new Uint8Array(this.memory, from, bytes * CAPACITY)
      from += view.length
      return view
    }
    this.#digests = next(32)
    this.#signatures = next(suite.signatureBytes)
    this.#asked = next(64)
    this.#signers = { publicKeys: next(64), addresses: next(20), valid: next(1) }
  }

  /** Empties the memory for signatures of which the signer is asked, or whether a key has made them. */
  begin(isVerify: boolean): void {
    this.#head[0] = 0
    this.#head[1] = isVerify ? VERIFY : RECOVER
    this.#head[SPENT] = 0
  }

  /** Signatures that there is still room for. */
  get room(): number {
    return CAPACITY - this.#count()
  }

  /** Takes over `count` signatures of a batch from `from` on. Gives the place of the first. */
  add(batch: SignatureBatch | SignedBatch, from: number, count: number): number {
    const bytes = this.#suite.signatureBytes
    const at = this.#count()
    const to = from + count
    this.#digests.set(batch.digests.subarray(32 * from, 32 * to), 32 * at)
    this.#signatures.set(batch.signatures.subarray(bytes * from, bytes * to), bytes * at)
    if ('publicKeys' in batch) {
      this.#asked.set(batch.publicKeys.subarray(64 * from, 64 * to), 64 * at)
    }
    this.#head[0] = at + count
    return at
  }

  /** Offers what was added to whoever works. */
  open(): void {
    for (let block = 0; block < this.#blocks(); block++) {
      Atomics.store(this.#states, block, OPEN)
    }
  }

  /** Computes blocks that nobody has taken, as thread `owner` (1 or more), until none is left. */
  work(owner: number): void {
    const startMs = performance.now()
    for (let block = 0; block < this.#blocks(); block++) {
      if (Atomics.compareExchange(this.#states, block, OPEN, owner) !== OPEN) continue
      this.#compute(block)
      Atomics.store(this.#states, block, DONE)
    }
    Atomics.add(this.#head, SPENT, Math.round(US_PER_MS * (performance.now() - startMs)))
  }

  /** Milliseconds that threads have worked on what was opened last, all together. */
  get spentMs(): number {
    return Atomics.load(this.#head, SPENT) / US_PER_MS
  }

  /** Whether what was computed last found no bad signature. */
  get areAllGood(): boolean {
    return !this.#signers.valid.subarray(0, this.#count()).includes(0)
  }

  /** Computes what is not done. Only for when no thread works any more: one may have died with a block in hand. */
  finish(): void {
    for (let block = 0; block < this.#blocks(); block++) {
      if (Atomics.load(this.#states, block) !== DONE) this.#compute(block)
    }
  }

  /** Copies `count` signers from place `at` out to place `to` of an answer. */
  copySigners(at: number, count: number, { into, to }: Place<Signers>): void {
    const { publicKeys, addresses } = this.#signers
    into.publicKeys.set(publicKeys.subarray(64 * at, 64 * (at + count)), 64 * to)
    into.addresses.set(addresses.subarray(20 * at, 20 * (at + count)), 20 * to)
    this.copyValid(at, count, { into: into.valid, to })
  }

  copyValid(at: number, count: number, { into, to }: Place<Uint8Array>): void {
    into.set(this.#signers.valid.subarray(at, at + count), to)
  }

  #count(): number {
    return this.#head[0] ?? 0
  }

  #blockSize(): number {
    return this.#suite.name === 'standard' && this.#head[1] === VERIFY ? TOGETHER : BLOCK
  }

  #blocks(): number {
    return Math.ceil(this.#count() / this.#blockSize())
  }

  #compute(block: number): void {
    const size = this.#blockSize()
    const from = block * size
    const to = Math.min(from + size, this.#count())
    const bytes = this.#suite.signatureBytes
    const batch = {
      count: to - from,
      digests: this.#digests.subarray(32 * from, 32 * to),
      signatures: this.#signatures.subarray(bytes * from, bytes * to),
    }
    if (this.#head[1] === VERIFY) {
      const publicKeys = this.#asked.subarray(64 * from, 64 * to)
      this.#signers.valid.set(this.#suite.verifyMany({ ...batch, publicKeys }), from)
      return
    }
    this.#suite.recoverMany(batch, {
      publicKeys: this.#signers.publicKeys.subarray(64 * from, 64 * to),
      addresses: this.#signers.addresses.subarray(20 * from, 20 * to),
      valid: this.#signers.valid.subarray(from, to),
    })
  }
}

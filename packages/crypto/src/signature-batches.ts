import type { SignatureBatch, SignedBatch, Signers } from './signature-batch.ts'
import type { BatchSuite } from './suite.ts'

/** Batches of signatures, on other cores where there are some. Answers are those of the suite, whoever computes. */
export interface SignatureBatches {
  /** Threads that compute now; 0 when everything runs inline. */
  readonly threads: number
  /** Whether large batches go to other threads at present; else this one computes them, and stands still meanwhile. */
  readonly isSharing: boolean
  /** Who signed. The buffers of the batch are read before this returns, and may be used again. */
  recover(batch: SignatureBatch): Promise<Signers>
  /** Whether the owners of the keys signed: 1 or 0 each. Reads the buffers before it returns. */
  verify(batch: SignedBatch): Promise<Uint8Array>
  /** The same at once, on this thread. */
  recoverInline(batch: SignatureBatch): Signers
  /** The same at once, on this thread. */
  verifyInline(batch: SignedBatch): Uint8Array
  /** Ends the threads. What still waits, and whatever comes later, is computed inline. */
  close(): Promise<void>
}

/** Batches on this thread: for browsers, tests, and machines with one core. */
export function inlineSignatureBatches(suite: BatchSuite): SignatureBatches {
  return {
    threads: 0,
    isSharing: false,
    recover: async (batch) => suite.recoverMany(batch),
    verify: async (batch) => suite.verifyMany(batch),
    recoverInline: (batch) => suite.recoverMany(batch),
    verifyInline: (batch) => suite.verifyMany(batch),
    close: async () => {},
  }
}

/**
 * A thread of `createSignatureBatches`. It is told nothing but "go" and "end", and tells nothing but "ready" and "done":
 * everything else is in the shared memory.
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { SuiteName } from '../../suite.ts'
import { createNodeSuites } from '../node-suites.ts'
import { SharedBatch } from './shared-batch.ts'

/** What a thread is started with. */
export interface BatchWorkerData {
  readonly suite: SuiteName
  readonly memory: SharedArrayBuffer
  /** 1 or more. */
  readonly owner: number
}

export type ToBatchWorker = 'go' | 'end'

const { suite, memory, owner }: BatchWorkerData = workerData
const suites = await createNodeSuites()
const batch = new SharedBatch(suites[suite], memory)

/** What this thread tells the one that started it. */
function tell(word: 'ready' | 'done'): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(word)
}

parentPort?.on('message', (word: ToBatchWorker) => {
  if (word === 'end') return parentPort?.close()
  batch.work(owner)
  tell('done')
})
tell('ready')

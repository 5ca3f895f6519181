import { Worker } from 'node:worker_threads'
import type { BatchWorkerData, ToBatchWorker } from './batch-worker.ts'

/** A thread has ended by itself long before: it does nothing that takes longer than a batch. */
const STOP_MS = 2000

/** One thread of the pool: starting, idle, at work, ending, or dead for good. */
export class Thread {
  readonly #worker: Worker
  readonly #ended: Promise<void>
  #state: 'starting' | 'ready' | 'ending' | 'dead' = 'starting'
  #settle: (() => void) | undefined

  constructor(file: URL, data: BatchWorkerData) {
    // Of the flags of the process none is needed, and one could send it to sources that are not compiled.
    const options = { workerData: data, name: `signatures ${data.owner}`, execArgv: [] }
    this.#worker = new Worker(file, options)
    this.#worker.on('message', () => {
      if (this.#state === 'starting') this.#state = 'ready'
      this.#end()
    })
    // Whatever ends a thread is followed by its exit; without a listener the error would end the process.
    this.#worker.on('error', () => {})
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#state = 'dead'
        this.#end()
        resolve()
      })
    })
    this.#worker.unref()
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  /** Lets it work on the shared batch; resolves when it takes no more blocks, also because it died. */
  async work(): Promise<void> {
    if (!this.isReady) return
    // The process stays while somebody waits.
    this.#worker.ref()
    await new Promise<void>((resolve) => {
      this.#settle = resolve
      this.#tell('go')
    })
    if (this.isReady) this.#worker.unref()
  }

  /** Native code may be at work in it: it ends by itself, after what it has in hand. */
  async stop(): Promise<void> {
    if (this.#state === 'dead') return
    this.#state = 'ending'
    this.#worker.ref()
    this.#tell('end')
    const timer = setTimeout(() => void this.#worker.terminate(), STOP_MS)
    await this.#ended
    clearTimeout(timer)
  }

  #tell(word: ToBatchWorker): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage(word)
  }

  #end(): void {
    this.#settle?.()
    this.#settle = undefined
  }
}

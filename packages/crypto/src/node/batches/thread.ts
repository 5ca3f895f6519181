import { Worker } from 'node:worker_threads'
import type { BatchWorkerData } from './batch-worker.ts'

/** One thread of the pool: starting, idle, at work, or dead for good. */
export class Thread {
  readonly #worker: Worker
  #state: 'starting' | 'ready' | 'dead' = 'starting'
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
    this.#worker.on('exit', () => {
      this.#state = 'dead'
      this.#end()
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
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      this.#worker.postMessage('go')
    })
    if (this.isReady) this.#worker.unref()
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }

  #end(): void {
    this.#settle?.()
    this.#settle = undefined
  }
}

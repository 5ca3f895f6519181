import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { RunReport } from '@bcos-ts/simulation'
import { SimulationEndedError } from '../errors.ts'
import type { SimulateOptions } from './setting.ts'

/** The built command. */
const COMMAND = fileURLToPath(new URL('../../bin/bcos-ts.js', import.meta.url))
/** A world makes much that is soon gone: with more room for it, less of it is looked at twice. */
const NODE_FLAGS = ['--max-semi-space-size=32']

/** From the process: how far a seed is, or what it has shown in the end. */
export interface FromSeedProcess {
  readonly report: RunReport
  readonly isEnd: boolean
}

/** To the process: what all its seeds have in common comes first. */
export type ToSeedProcess =
  | { readonly options: SimulateOptions }
  | { readonly seed: number }
  | { readonly isStopping: true }

/** Another process that runs seeds, one at a time. It ends when this one does. */
export class SeedProcess {
  readonly #child: ChildProcess

  constructor(options: SimulateOptions) {
    this.#child = spawn(process.execPath, [...NODE_FLAGS, COMMAND, 'simulate-seeds'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#send({ options })
  }

  /** Throws `CLI_SIMULATION_ENDED`. */
  async run(seed: number, onProgress: (report: RunReport) => void): Promise<RunReport> {
    const aborter = new AbortController()
    const { signal } = aborter
    const ended = once(this.#child, 'exit', { signal }).then(() => {
      throw new SimulationEndedError(seed)
    })
    const reported = new Promise<RunReport>((resolve) => {
      this.#child.on('message', function listen(this: ChildProcess, message: FromSeedProcess) {
        if (!message.isEnd) return onProgress(message.report)
        this.off('message', listen)
        return resolve(message.report)
      })
    })
    if (!this.#child.connected) throw new SimulationEndedError(seed)
    this.#send({ seed })
    try {
      return await Promise.race([reported, ended])
    } finally {
      ended.catch(() => {})
      aborter.abort()
    }
  }

  stop(): void {
    if (this.#child.connected) this.#send({ isStopping: true })
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  #send(message: ToSeedProcess): void {
    this.#child.send(message)
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { Client, httpTransport } from '@bcos-ts/sdk'
import type { NodeProcess } from '../../src/local-chain/node-process.ts'

const KILOBYTES = 1024
const PATIENCE_MS = 60_000

/** What a process uses. */
export interface Usage {
  readonly residentMb: number
  readonly openFiles: number
}

/** A node to which several things may happen at once: it runs again when all of them are over. */
export class Victim {
  readonly node: NodeProcess
  /** For questions to a node that is left alone: however slow the machine is, it has an answer. */
  readonly patient: Client
  /** How often it was killed. */
  kills = 0
  /** When its process was started. */
  bornMs: number = performance.now()
  /** How long its processes lived at most. */
  longestLifeMs = 0
  #reasonsToBeDead = 0
  #reasonsToBeFrozen = 0

  constructor(node: NodeProcess, rpcPort: number) {
    this.node = node
    const url = `http://127.0.0.1:${rpcPort}`
    this.patient = new Client({ transport: httpTransport({ url, timeoutMs: PATIENCE_MS }) })
  }

  async kill(): Promise<void> {
    this.#reasonsToBeDead += 1
    this.kills += 1
    this.noteAge()
    await this.node.kill()
  }

  revive(): void {
    this.#reasonsToBeDead -= 1
    if (this.#reasonsToBeDead > 0) return
    this.node.start()
    this.bornMs = performance.now()
    if (this.#reasonsToBeFrozen > 0) this.#signal('SIGSTOP')
  }

  noteAge(): void {
    this.longestLifeMs = Math.max(this.longestLifeMs, performance.now() - this.bornMs)
  }

  freeze(): void {
    this.#reasonsToBeFrozen += 1
    this.#signal('SIGSTOP')
  }

  thaw(): void {
    this.#reasonsToBeFrozen -= 1
    if (this.#reasonsToBeFrozen === 0) this.#signal('SIGCONT')
  }

  /** It ended although nobody killed it. */
  get hasDied(): boolean {
    return this.#reasonsToBeDead === 0 && !this.node.isRunning
  }

  /** `undefined` where the system does not tell. */
  usage(): Usage | undefined {
    const { pid } = this.node
    if (pid === undefined) return undefined
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1])
      const openFiles = readdirSync(`/proc/${pid}/fd`).length
      return { residentMb: Math.round(kilobytes / KILOBYTES), openFiles }
    } catch {
      // Not everywhere are processes shown as files.
      return undefined
    }
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.node
    if (pid !== undefined && this.node.isRunning) process.kill(pid, signal)
  }
}

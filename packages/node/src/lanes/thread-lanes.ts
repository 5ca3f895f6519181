/**
 * Lanes in threads of the process. They are started when a block could use them, and stopped when none has for a
 * while. What goes wrong with them costs time, and never a block.
 * @module
 */
import { performance } from 'node:perf_hooks'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { type Logger, messageOf, type Startable, type Timers } from '@bcos-ts/common'
import type { LaneJob, LanePool, LaneWork } from '@bcos-ts/executor'
import { type FromLane, JobCounter, type LaneThreadData, type ToLane } from './lane-messages.ts'

export interface ThreadLanesInit {
  /** Lanes beside the thread that executes blocks. */
  readonly count: number
  readonly thread: LaneThreadData
  /** Module that the threads run: it calls `serveLane`. */
  readonly entry: URL
  /**
   * Threads that nobody used for so long are stopped.
   * @default 60_000
   */
  readonly idleMs?: number
  /**
   * How long a lane may go on after the caller's own, at the least.
   * @default 2000
   */
  readonly patienceMs?: number
}

export interface ThreadLanesComponents {
  readonly timers: Timers
  readonly logger: Logger
}

export function createThreadLanes(
  init: ThreadLanesInit,
  components: ThreadLanesComponents,
): LanePool & Startable {
  return new ThreadLanes(init, components)
}

const IDLE_MS = 60_000
const PATIENCE_MS = 2000
/** How long a lane may go on after the caller's own, in times of what the caller's own took. */
const PATIENCE_TIMES = 5
/** How long a thread may take to end by itself. */
const STOP_MS = 2000

class ThreadLanes implements LanePool, Startable {
  readonly #init: ThreadLanesInit
  readonly #components: ThreadLanesComponents
  #threads: LaneThread[] = []
  #isStopped = false
  /** Somebody has asked for lanes since the last look at whether they are idle. */
  #isWanted = false
  #cancelIdleCheck: (() => void) | undefined
  #jobs = 0

  constructor(init: ThreadLanesInit, components: ThreadLanesComponents) {
    this.#init = init
    this.#components = components
  }

  start(): void {}

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#stopThreads()
  }

  ready(): number {
    if (this.#isStopped) return 0
    this.#isWanted = true
    if (this.#threads.length === 0) this.#startThreads()
    return this.#threads.filter((one) => one.isReady).length
  }

  begin({ bytes, unitCount }: LaneJob): LaneWork {
    const memory = JobCounter.memory(unitCount)
    const counter = new JobCounter(memory)
    const lanes = this.#threads.filter((one) => one.isReady)
    const job: ToLane = { id: (this.#jobs += 1), bytes, counter: memory }
    const start = performance.now()
    for (const lane of lanes) lane.send(job)
    return {
      take: () => counter.take(),
      finish: () => this.#finish(lanes, { job, counter, ownMs: performance.now() - start }),
    }
  }

  #finish(
    lanes: readonly LaneThread[],
    {
      job,
      counter,
      ownMs,
    }: { readonly job: ToLane; readonly counter: JobCounter; readonly ownMs: number },
  ): readonly Uint8Array[] {
    const patience = Math.max(this.#init.patienceMs ?? PATIENCE_MS, PATIENCE_TIMES * ownMs)
    if (!counter.wait(lanes.length, patience, () => performance.now())) {
      this.#giveUp('they do not answer')
      return []
    }
    const reports: Uint8Array[] = []
    for (const lane of lanes) {
      const { report, failure } = lane.receive(job.id)
      if (report !== undefined) reports.push(report)
      else this.#components.logger.debug('A lane did not take part', { reason: failure })
    }
    return reports
  }

  #startThreads(): void {
    const { count } = this.#init
    const { logger, timers } = this.#components
    logger.info('Blocks are executed in lanes from here on', { threads: count })
    try {
      this.#threads = Array.from(
        { length: count },
        () => new LaneThread(this.#init, timers, (reason) => this.#giveUp(reason)),
      )
    } catch (error) {
      this.#giveUp(messageOf(error))
    }
    this.#watchIdle()
  }

  /** For good: what failed once would fail block after block. */
  #giveUp(reason: string): void {
    if (this.#isStopped) return
    this.#isStopped = true
    this.#components.logger.warn('Blocks are executed without lanes: their threads failed', {
      reason,
    })
    void this.#stopThreads()
  }

  #watchIdle(): void {
    this.#cancelIdleCheck?.()
    this.#isWanted = false
    this.#cancelIdleCheck = this.#components.timers.after(this.#init.idleMs ?? IDLE_MS, () => {
      if (this.#isWanted) return this.#watchIdle()
      void this.#stopThreads()
    })
  }

  async #stopThreads(): Promise<void> {
    this.#cancelIdleCheck?.()
    this.#cancelIdleCheck = undefined
    const threads = this.#threads
    this.#threads = []
    await Promise.all(threads.map((one) => one.stop()))
  }
}

/** One thread, and the port through which its reports can be taken without waiting for an event. */
class LaneThread {
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #timers: Timers
  #isReady = false
  #isStopping = false
  #hasEnded = false

  constructor(
    { thread, entry }: ThreadLanesInit,
    timers: Timers,
    onFailure: (reason: string) => void,
  ) {
    this.#timers = timers
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#worker = new Worker(entry, {
      workerData: { ...thread, port: port2 },
      transferList: [port2],
    })
    this.#worker.unref()
    this.#worker.once('message', () => (this.#isReady = true))
    this.#worker.once('error', (error) => onFailure(messageOf(error)))
    this.#worker.once('exit', (code) => {
      this.#isReady = false
      this.#hasEnded = true
      if (!this.#isStopping) onFailure(`a thread ended with code ${code}`)
    })
  }

  get isReady(): boolean {
    return this.#isReady
  }

  send(job: ToLane): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#port.postMessage(job)
  }

  /** What the thread made of the job; call it only when the thread has finished. */
  receive(id: number): FromLane {
    for (;;) {
      const received: { readonly message: FromLane } | undefined = receiveMessageOnPort(this.#port)
      if (received === undefined) return { id, failure: 'no report' }
      if (received.message.id === id) return received.message
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    this.#isReady = false
    const exit = new Promise((resolve) => this.#worker.once('exit', resolve))
    // The thread closes its database and ends; one that hangs is ended.
    this.#port.close()
    const cancel = this.#timers.after(STOP_MS, () => void this.#worker.terminate())
    if (!this.#hasEnded) await exit
    cancel()
  }
}

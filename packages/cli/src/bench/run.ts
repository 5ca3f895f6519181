import { setTimeout as sleep } from 'node:timers/promises'
import type { CryptoSuite } from '@bcos-ts/crypto'
import type { Account, Client } from '@bcos-ts/sdk'
import { BenchFailedError } from '../errors.ts'
import { BenchWatch, type SeenBlock } from './block-watch.ts'
import { type Measurement, percentilesOf } from './measurement.ts'
import { cpuUs, mostMemory, type ProcessUse } from './processes.ts'
import { RpcSender } from './rpc-sender.ts'
import { type SignedCall, Supply } from './supply.ts'
import { Tenths } from './tenths.ts'
import type { BenchCall, Workload } from './workload.ts'

/** How much is sent, and how. */
export interface LoadPlan {
  readonly transactions: number
  /** Transactions before these, which are not measured: a chain that has just started is slower than one that runs. */
  readonly warmUp: number
  /** Transactions of one JSON-RPC batch. */
  readonly batch: number
  /** Batches on their way at a time. */
  readonly concurrency: number
  /** Transactions a second, whatever becomes of them; missing: as fast as answers come (closed loop). */
  readonly rate: number | undefined
  /** Transactions that may wait for a block, at most; in a closed loop only. */
  readonly window: number
  readonly conflicts: number
}

/** The chain under load. */
export interface BenchTarget {
  readonly urls: readonly string[]
  readonly client: Client
  readonly suite: CryptoSuite
  readonly groupId: number
  /** What each node has used so far; empty for nodes that are not processes of this machine. */
  readonly use: () => readonly ProcessUse[]
}

export interface BenchRun {
  readonly target: BenchTarget
  readonly workload: Workload
  readonly plan: LoadPlan
  readonly accounts: readonly Account[]
  readonly nonceSeed: Uint8Array
  readonly label: string
  /** Told a few times a second where the bench is. */
  readonly onProgress: (text: string) => void
}

/** A measurement, and when it was made: `performance.now()` of the first request and of the last block. */
export interface TimedMeasurement {
  readonly measurement: Measurement
  readonly fromMs: number
  readonly toMs: number
  /** CPU time of a node's main thread for a transaction, µs. */
  readonly mainCpuUs: number
}

/** Transactions that are signed before the first is sent; more are signed meanwhile, and count as load. */
const SIGNED_AHEAD_MAX = 60_000
const SETUP_BATCH = 100
const MS = 1000
const RETRY_MS = 100
/** How often the bench looks whether what waits is in a block. */
const LOOK_MS = 10
const STALL_MS = 60_000
const PROGRESS_MS = 500
/** Words of refusals that only mean: not now. */
const PASSING = /TransactionPoolIsFull|OverGroupMemoryLimit|QPS/

/** Throws `CLI_BENCH_FAILED` when a node does not answer, or when the chain stands still for a minute. */
export async function runBench(run: BenchRun): Promise<TimedMeasurement> {
  const bench = new Bench(run)
  try {
    return await bench.run()
  } finally {
    await bench.close()
  }
}

class Bench {
  readonly #run: BenchRun
  readonly #sender: RpcSender
  /** When transactions were sent that are in no block yet, by hash. */
  readonly #waiting = new Map<string, number>()
  readonly #latencies: number[] = []
  readonly #refused = new Map<string, number>()
  #watch: BenchWatch | undefined
  #blocks: SeenBlock[] = []
  #accepted = 0
  #mined = 0
  #sent = 0
  #toSend = 0
  #lastMinedMs = 0
  #toldMs = 0
  #memoryMost = 0
  #tenths: Tenths | undefined

  constructor(run: BenchRun) {
    this.#run = run
    const { target, plan } = run
    const connections = Math.max(1, Math.ceil(plan.concurrency / target.urls.length))
    this.#sender = new RpcSender(target.urls, target.groupId, connections)
  }

  async close(): Promise<void> {
    this.#sender.close()
    await this.#watch?.stop()
  }

  async run(): Promise<TimedMeasurement> {
    const { target, workload, plan, onProgress } = this.#run
    const { client, groupId } = target
    const watch = new BenchWatch(client, await client.getBlockNumber(), (block) =>
      this.#seen(block),
    )
    this.#watch = watch
    watch.start()
    const supply = new Supply({
      ...this.#run,
      chainId: await client.chainId(),
      groupId,
      height: () => watch.height,
    })
    onProgress(`${workload.name}: preparing`)
    const callAt = await workload.prepare({
      ...this.#run,
      ...target,
      conflicts: plan.conflicts,
      sendAll: (calls) => this.#sendAll(calls, supply),
    })
    const { warmUp, transactions } = plan
    const warming = this.#signAhead(supply, { count: warmUp, callAt })
    await this.#load(warmUp, warming)
    const next = this.#signAhead(supply, {
      count: transactions,
      callAt: (index) => callAt(warmUp + index),
    })
    const before = await this.#standing()
    const cpu = process.cpuUsage()
    const fromMs = performance.now()
    this.#tenths = new Tenths({ count: transactions, fromMs, use: target.use })
    await this.#load(transactions, next)
    const toMs = this.#lastMinedMs
    const load = process.cpuUsage(cpu)
    const after = await this.#standing()
    return {
      fromMs,
      toMs,
      mainCpuUs: cpuUs(before.use, after.use, { transactions: this.#mined, of: 'mainCpuMs' }) ?? 0,
      measurement: this.#measurement({ fromMs, toMs, before, after }, load),
    }
  }

  /** Signs what can be signed before it is sent. Gives the signed call of each index. */
  #signAhead(
    supply: Supply,
    { count, callAt }: { readonly count: number; readonly callAt: (index: number) => BenchCall },
  ): (index: number) => SignedCall {
    const { plan, onProgress } = this.#run
    const signedCount = plan.rate === undefined ? Math.min(count, SIGNED_AHEAD_MAX) : 0
    if (signedCount > 0) onProgress(`signing ${signedCount} transactions`)
    const ahead = Array.from({ length: signedCount }, (_, index) => supply.sign(callAt(index)))
    return (index) => ahead[index] ?? supply.sign(callAt(index))
  }

  /** Sends so many as the plan says and waits for all of them. What was counted before is forgotten. */
  async #load(count: number, signed: (index: number) => SignedCall): Promise<void> {
    this.#reset()
    this.#toSend = count
    await this.#send(signed)
    await this.#allMined()
  }

  #reset(): void {
    this.#waiting.clear()
    this.#latencies.length = 0
    this.#refused.clear()
    this.#blocks = []
    this.#accepted = 0
    this.#mined = 0
    this.#sent = 0
    this.#memoryMost = 0
    this.#lastMinedMs = performance.now()
  }

  async #standing() {
    const { client, use } = this.#run.target
    const { failedTxSum } = await client.getTotalTransactionCount()
    return { failed: failedTxSum, use: use() }
  }

  /** Everything at once, and then until it is mined: what comes before the measurement. */
  async #sendAll(calls: readonly BenchCall[], supply: Supply): Promise<void> {
    this.#reset()
    for (let at = 0; at < calls.length; at += SETUP_BATCH) {
      await this.#deliver(calls.slice(at, at + SETUP_BATCH).map((call) => supply.sign(call)))
    }
    await this.#allMined()
    const [refusal] = this.#refused.keys()
    if (refusal !== undefined)
      throw new BenchFailedError(`the chain refuses to be prepared: ${refusal}`)
  }

  async #send(signed: (index: number) => SignedCall): Promise<void> {
    const { plan } = this.#run
    const nextBatch = (): readonly SignedCall[] => {
      const count = Math.min(plan.batch, this.#toSend - this.#sent)
      const batch = Array.from({ length: count }, (_, i) => signed(this.#sent + i))
      this.#sent += count
      return batch
    }
    if (plan.rate === undefined) await this.#closedLoop(nextBatch)
    else await this.#openLoop(nextBatch, plan.rate)
  }

  async #closedLoop(nextBatch: () => readonly SignedCall[]): Promise<void> {
    const { plan } = this.#run
    const lane = async (): Promise<void> => {
      while (this.#sent < this.#toSend) {
        if (this.#waiting.size >= plan.window) await sleep(LOOK_MS)
        else await this.#deliver(nextBatch())
        this.#tell()
      }
    }
    await Promise.all(Array.from({ length: plan.concurrency }, lane))
  }

  async #openLoop(nextBatch: () => readonly SignedCall[], rate: number): Promise<void> {
    const startMs = performance.now()
    const deliveries = new Set<Promise<void>>()
    while (this.#sent < this.#toSend) {
      const dueMs = startMs + (this.#sent / rate) * MS
      const waitMs = dueMs - performance.now()
      if (waitMs > 1) await sleep(waitMs)
      const delivery = this.#deliver(nextBatch()).finally(() => deliveries.delete(delivery))
      deliveries.add(delivery)
      this.#tell()
    }
    await Promise.all(deliveries)
  }

  /** What a full pool does not take is offered again; what is refused for good is counted. */
  async #deliver(batch: readonly SignedCall[]): Promise<void> {
    const sentMs = performance.now()
    for (const { hash } of batch) this.#waiting.set(hash, sentMs)
    let open = batch
    while (open.length > 0) {
      const outcome = await this.#sender.send(open.map(({ text }) => text))
      const again: SignedCall[] = []
      for (const [index, one] of open.entries()) {
        const refusal = outcome[index]
        if (refusal === undefined) this.#accepted += 1
        else if (PASSING.test(refusal)) again.push(one)
        else this.#refuse(one, refusal)
      }
      open = again
      if (open.length > 0) await sleep(RETRY_MS)
    }
  }

  #refuse({ hash }: SignedCall, words: string): void {
    this.#waiting.delete(hash)
    const reason = words.replace(/, tx.*$/, '')
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1)
  }

  #seen(block: SeenBlock): void {
    this.#blocks.push(block)
    for (const hash of block.hashes) {
      const sentMs = this.#waiting.get(hash)
      if (sentMs === undefined) continue
      this.#waiting.delete(hash)
      this.#latencies.push(block.atMs - sentMs)
      this.#mined += 1
      this.#lastMinedMs = block.atMs
    }
    this.#tenths?.seen({ latencies: this.#latencies, atMs: block.atMs })
    this.#tell()
  }

  async #allMined(): Promise<void> {
    while (this.#waiting.size > 0) {
      if (performance.now() - this.#lastMinedMs > STALL_MS) {
        throw new BenchFailedError(
          `no block for ${STALL_MS / MS} s while ${this.#waiting.size} transactions wait: look at the nodes' logs`,
        )
      }
      await sleep(LOOK_MS)
      this.#tell()
    }
  }

  #tell(): void {
    const nowMs = performance.now()
    if (nowMs - this.#toldMs < PROGRESS_MS) return
    this.#toldMs = nowMs
    for (const { memoryMiB } of this.#run.target.use()) {
      this.#memoryMost = Math.max(this.#memoryMost, memoryMiB)
    }
    const { workload, onProgress } = this.#run
    onProgress(
      `${workload.name}: ${this.#sent} of ${this.#toSend} sent, ${this.#mined} in ${this.#blocks.length} blocks`,
    )
  }

  #measurement(
    window: {
      readonly fromMs: number
      readonly toMs: number
      readonly before: Standing
      readonly after: Standing
    },
    load: NodeJS.CpuUsage,
  ): Measurement {
    const { workload, plan, target } = this.#run
    const { fromMs, toMs, before, after } = window
    const seconds = (toMs - fromMs) / MS
    const filled = this.#blocks.filter(({ hashes }) => hashes.length > 0)
    const times = [fromMs, ...filled.map(({ atMs }) => atMs)]
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs))
    return {
      workload: workload.name,
      nodes: target.urls.length,
      transactions: plan.transactions,
      warmUp: plan.warmUp,
      batch: plan.batch,
      concurrency: plan.concurrency,
      ratePerSecond: plan.rate ?? null,
      conflicts: plan.conflicts,
      accepted: this.#accepted,
      refused: Object.fromEntries(this.#refused),
      failed: after.failed - before.failed,
      seconds: round(seconds, 2),
      perSecond: Math.round(this.#mined / seconds),
      latencyMs: percentilesOf(this.#latencies),
      blocks: filled.length,
      largestBlock: Math.max(0, ...filled.map(({ hashes }) => hashes.length)),
      longestGapMs: Math.round(Math.max(0, ...gaps)),
      viewChanges: filled.slice(1).filter(({ isFirstView }) => !isFirstView).length,
      cpuUsPerTransaction: {
        node: cpuUs(before.use, after.use, { transactions: this.#mined, of: 'cpuMs' }),
        load: round((load.user + load.system) / Math.max(1, this.#mined), 1),
      },
      memoryMiB:
        after.use.length === 0
          ? null
          : {
              before: mostMemory(before.use),
              after: mostMemory(after.use),
              most: Math.round(Math.max(this.#memoryMost, mostMemory(after.use))),
            },
      tenths: this.#tenths?.done ?? [],
      stagesUs: null,
    }
  }
}

interface Standing {
  readonly failed: number
  readonly use: readonly ProcessUse[]
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}

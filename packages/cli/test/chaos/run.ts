/** A network, an application, and one phase of faults after another; each must be followed by progress. */
import { setTimeout as sleep } from 'node:timers/promises'
import { startNodes, until } from '../../src/local-chain/node-process.ts'
import { Load } from './load.ts'
import { type Logs, logsOf } from './logs.ts'
import type { ChaosNetwork } from './network.ts'
import { type Fault, type FaultKind, type Phase, phaseOf, type PlanInit } from './plan.ts'
import { judge, type Verdict } from './verdict.ts'
import type { Usage } from './victim.ts'
import { Watch } from './watch.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
/** A wait that is longer is not worth going on after. */
const HOPELESS_MS = 300_000
/** How long all nodes may take to be at one height when everything is over. */
const EVEN_MS = 300_000

const RESIDENT_MB_MAX = 800
const OPEN_FILES_MAX = 150

export interface ChaosOptions extends PlanInit {
  /** Phases begin until so much time has passed. */
  readonly minutes: number
  /** The schedule begins with this one. */
  readonly firstPhase: number
  /** There are no more phases than this. */
  readonly phasesMax: number
  /** Transactions a second. */
  readonly rate: number
  /** How long the network is left alone after it is whole again. */
  readonly quietMs: number
  /** Within this time after all faults a block must come. */
  readonly healMs: number
}

/** One phase, as it went. */
export interface PhaseReport {
  readonly phase: Phase
  readonly blocksMeanwhile: number
  /** From the end of the last fault to the next block. */
  readonly healedMs: number
  /** To all nodes having it. */
  readonly togetherMs: number
}

export interface ChaosReport {
  readonly phases: readonly PhaseReport[]
  readonly faults: ReadonlyMap<FaultKind, number>
  readonly elapsedMs: number
  readonly sent: number
  readonly acknowledged: number
  readonly refused: number
  readonly verdict: Verdict
  readonly logs: Logs
  readonly usageAtBegin: readonly (Usage | undefined)[]
  readonly usageAtEnd: readonly (Usage | undefined)[]
  readonly residentMbMax: number
  /** How long the oldest process lived. */
  readonly longestLifeMs: number
  /** Empty when every promise was kept. */
  readonly complaints: readonly string[]
}

export type Say = (line: string) => void

export class ChaosRun {
  readonly #network: ChaosNetwork
  readonly #options: ChaosOptions
  readonly #say: Say
  readonly #phases: PhaseReport[] = []
  readonly #faults = new Map<FaultKind, number>()
  readonly #complaints: string[] = []
  readonly #begunMs = performance.now()
  #residentMbMax = 0

  constructor(network: ChaosNetwork, options: ChaosOptions, say: Say) {
    this.#network = network
    this.#options = options
    this.#say = say
  }

  /** Throws where it makes no sense to go on: a group that has stopped for good. */
  async run(): Promise<ChaosReport> {
    const { victims } = this.#network
    await this.#network.start()
    const watch = new Watch(victims)
    const { rate, seed } = this.#options
    const load = await Load.start({ victims, watch, rate, seed })
    await until('the first blocks', MINUTE_MS, () => watch.highest >= 3)
    const usageAtBegin = this.#measure()
    try {
      await this.#goThrough(watch, load)
      load.endSending()
      const height = await this.#even(watch)
      await until('the application has all receipts', EVEN_MS, () => load.collectedHeight >= height)
      await load.stop()
      const usageAtEnd = await this.#settle()
      for (const victim of victims) victim.noteAge()
      const elapsedMs = performance.now() - this.#begunMs
      this.#say(
        `all nodes are at block ${height} and have nothing left; all killed once more, and compared`,
      )
      await this.#reopen(height)
      const verdict = await judge(victims, height, load)
      const logs = logsOf(victims)
      return {
        phases: this.#phases,
        faults: this.#faults,
        elapsedMs,
        sent: load.sent.size,
        acknowledged: load.acknowledged,
        refused: load.refused,
        verdict,
        logs,
        usageAtBegin,
        usageAtEnd,
        residentMbMax: this.#residentMbMax,
        longestLifeMs: Math.max(...victims.map(({ longestLifeMs }) => longestLifeMs)),
        complaints: [
          ...this.#complaints,
          ...verdict.complaints,
          ...logs.alarms,
          ...excesses(usageAtEnd),
        ],
      }
    } finally {
      await Promise.all([load.stop(), watch.stop()])
    }
  }

  async #goThrough(watch: Watch, load: Load): Promise<void> {
    const endMs = this.#begunMs + this.#options.minutes * MINUTE_MS
    const { firstPhase, phasesMax } = this.#options
    for (let number = firstPhase; number < firstPhase + phasesMax; number++) {
      if (performance.now() >= endMs) return
      const phase = phaseOf(this.#options, number)
      const before = watch.highest
      await Promise.all(phase.faults.map((fault) => this.#befall(fault)))
      const blocksMeanwhile = watch.highest - before
      const { healedMs, togetherMs } = await this.#heal(watch, number)
      this.#phases.push({ phase, blocksMeanwhile, healedMs, togetherMs })
      this.#say(
        `${clockText(performance.now() - this.#begunMs)} phase ${number}: ${phase.faults.map(({ title }) => title).join('; ')}; ` +
          `${blocksMeanwhile} blocks meanwhile, next after ${seconds(healedMs)} s, all after ${seconds(togetherMs)} s; ` +
          `heights ${watch.heights.join(' ')}, ${load.acknowledged} of ${load.sent.size} acknowledged`,
      )
      await sleep(this.#options.quietMs)
      this.#measure()
    }
  }

  async #befall(fault: Fault): Promise<void> {
    this.#faults.set(fault.kind, (this.#faults.get(fault.kind) ?? 0) + 1)
    await sleep(fault.atMs)
    await this.#network.begin(fault)
    await sleep(fault.lastsMs)
    this.#network.end(fault)
  }

  /** Everything is whole again: how long until a new block, and until all have it. */
  async #heal(
    watch: Watch,
    number: number,
  ): Promise<{ readonly healedMs: number; readonly togetherMs: number }> {
    const { healMs } = this.#options
    const wholeMs = performance.now()
    const next = watch.highest + 1
    await until(`block ${next} after all faults`, HOPELESS_MS, () => {
      this.#expectAlive()
      return watch.highest >= next
    })
    const healedMs = performance.now() - wholeMs
    if (healedMs > healMs) {
      this.#complaints.push(
        `block ${next} came ${seconds(healedMs)} s after the faults of phase ${number}`,
      )
    }
    await until(`all nodes have block ${next}`, HOPELESS_MS, () => {
      this.#expectAlive()
      return watch.heights.every((height) => height >= next)
    })
    return { healedMs, togetherMs: performance.now() - wholeMs }
  }

  /** A node that ended without being killed is the worst that can happen: its log says why. */
  #expectAlive(): void {
    const dead = this.#network.victims.find((victim) => victim.hasDied)
    if (dead !== undefined) throw new Error(`${dead.node.name} ended by itself`)
  }

  /** Waits until all nodes are at one height and no pool holds anything. */
  async #even(watch: Watch): Promise<number> {
    const clients = this.#network.victims.map(({ patient }) => patient)
    await until('all nodes are at one height with empty pools', EVEN_MS, async () => {
      const sizes = await Promise.all(clients.map((client) => client.getPendingTxSize()))
      const heights = await Promise.all(clients.map((client) => client.getBlockNumber()))
      return sizes.every((size) => size === 0) && new Set(heights).size === 1
    })
    const heights = await Promise.all(clients.map((client) => client.getBlockNumber()))
    return Math.max(...heights, watch.highest)
  }

  /** What is compared is what is on disk. */
  async #reopen(height: number): Promise<void> {
    const { victims } = this.#network
    const nodes = victims.map(({ node }) => node)
    await Promise.all(nodes.map((node) => node.kill()))
    await startNodes(nodes)
    for (const { node, patient } of victims) {
      const reopened = await patient.getBlockNumber()
      if (reopened !== height)
        this.#complaints.push(`${node.name} is at ${reopened}, was ${height}`)
    }
  }

  /** What is used when connections of the application have had their time to end. */
  async #settle(): Promise<readonly (Usage | undefined)[]> {
    const endMs = performance.now() + MINUTE_MS
    while (excesses(this.#measure()).length > 0 && performance.now() < endMs) await sleep(SECOND_MS)
    return this.#measure()
  }

  #measure(): readonly (Usage | undefined)[] {
    const usages = this.#network.victims.map((victim) => victim.usage())
    const resident = usages.map((usage) => usage?.residentMb ?? 0)
    this.#residentMbMax = Math.max(this.#residentMbMax, ...resident)
    return usages
  }
}

/** Far above what nodes of this size use: what is lost with every accident comes here in an hour. */
function excesses(usages: readonly (Usage | undefined)[]): readonly string[] {
  return usages.flatMap((usage, index) => {
    if (usage === undefined) return []
    const { residentMb, openFiles } = usage
    const isExcess = residentMb > RESIDENT_MB_MAX || openFiles > OPEN_FILES_MAX
    return isExcess ? [`node${index} uses ${residentMb} MB and ${openFiles} files`] : []
  })
}

export function seconds(ms: number): string {
  return (ms / SECOND_MS).toFixed(1)
}

function clockText(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS)
  const rest = Math.floor((ms % MINUTE_MS) / SECOND_MS)
  return `${minutes}:${String(rest).padStart(2, '0')}`
}

/**
 * A block in lanes, with the result of serial execution: see `docs/explanation/parallel-execution.md`.
 * @module
 */
import { assert } from '@bcos-ts/common'
import type { TrackedTables } from '@bcos-ts/protocol/ports'
import {
  type ExecutableTransaction,
  executeTransaction,
  type UnrootedReceipt,
} from '../execute-transaction.ts'
import type { WorldComponents, WorldPlace } from '../open-world.ts'
import { executeInOrder, openConflicts } from '../serial.ts'
import type { World } from '../world.ts'
import { type LaneBlock, packJob, runUnits, unpackReport } from './lane-job.ts'
import { LanePayoff } from './lane-payoff.ts'
import type { LanePool } from './lane-pool.ts'
import type { LaneReport } from './lane-result.ts'
import { openLane } from './lane-runner.ts'
import { Merge } from './merge.ts'
import { planBlock, type PlannedCall, type Segment } from './planner.ts'
import { ExecutionProfile, kindOf, type Profile } from './profile.ts'

export interface ParallelInit {
  readonly pool: LanePool
  /** A clock in microseconds, for what blocks take: no result depends on it. */
  readonly now: () => number
  /**
   * Processor time in microseconds, for what calls cost: on a busy machine a call takes longer, but costs the same.
   * @default now
   */
  readonly spent?: () => number
  /**
   * What using lanes costs, in microseconds.
   * @default { segment: 2000, transaction: 100 }
   */
  readonly overhead?: Overhead
  /** @default what this executor learns by itself */
  readonly profile?: Profile
  /** @default what this executor learns by itself */
  readonly payoff?: Pick<LanePayoff, 'mayTry' | 'note'>
}

export interface Overhead {
  /** To get the lanes going. */
  readonly segment: number
  /** To track one transaction, and to take over its result. */
  readonly transaction: number
}

/** Twice and more of what was measured on idle cores: on busy ones everything takes longer. */
const OVERHEAD: Overhead = { segment: 2000, transaction: 100 }

/** A block that is being executed. */
export interface BlockRun {
  readonly place: WorldPlace<TrackedTables>
  readonly world: World
  readonly calls: readonly ExecutableTransaction[]
}

interface ParallelComponents extends WorldComponents {
  readonly openTables: (parentNumber: number) => TrackedTables
}

/** Blocks of which costs are learnt although the last ones were cheap: one of so many. */
const SAMPLED = 16

export class ParallelExecution {
  readonly #init: ParallelInit
  readonly #components: ParallelComponents
  readonly #spent: () => number
  readonly #overhead: Overhead
  readonly #profile: Profile
  readonly #payoff: Pick<LanePayoff, 'mayTry' | 'note'>
  /** Microseconds of a transaction in the last block. */
  #average = 0

  constructor(init: ParallelInit, components: ParallelComponents) {
    this.#init = init
    this.#components = components
    this.#spent = init.spent ?? init.now
    this.#overhead = init.overhead ?? OVERHEAD
    this.#profile = init.profile ?? new ExecutionProfile()
    this.#payoff = init.payoff ?? new LanePayoff()
  }

  execute(run: BlockRun): UnrootedReceipt[] {
    // Account gas makes every transaction depend on those before it of the same sender, and the reference serial.
    if (run.world.charging.isOn || run.calls.length === 0) return executeInOrder(run)
    const start = this.#spent()
    const receipts = this.#isWorthALook(run) ? this.#executePlanned(run) : executeInOrder(run)
    this.#average = (this.#spent() - start) / run.calls.length
    return receipts
  }

  /** Cheap blocks gain nothing from lanes: they are not even looked at, but for a sample. */
  #isWorthALook({ place, calls }: BlockRun): boolean {
    const { transaction } = this.#overhead
    return calls.length > 1 && (this.#average >= transaction || place.header.number % SAMPLED === 0)
  }

  #executePlanned(run: BlockRun): UnrootedReceipt[] {
    const receipts: UnrootedReceipt[] = []
    for (const segment of this.#plan(run)) {
      if (segment.type === 'serial') this.#executeSerial(segment, run, receipts)
      else this.#executeParallel(segment, run, receipts)
    }
    return receipts
  }

  #plan(run: BlockRun): readonly Segment[] {
    const { calls, world } = run
    const serial: Segment = { type: 'serial', start: 0, end: calls.length }
    const kinds = calls.map(kindOfCall)
    const costs = kinds.map((kind) => (kind === undefined ? 0 : this.#profile.costOf(kind)))
    const options = { lanes: 2, overhead: this.#overhead }
    // With two lanes and no conflicts at all: when that does not pay, nothing will.
    const [best] = planBlock(
      costs.map((cost) => ({ keys: [], cost })),
      options,
    )
    const isTried = best?.type === 'parallel' && this.#payoff.mayTry()
    const others = isTried ? this.#init.pool.ready() : 0
    if (others === 0) {
      openConflicts(calls, world)
      return [serial]
    }
    const planned = calls.map(({ to, data }, index): PlannedCall => {
      const fields = to === undefined ? undefined : world.native.criticalFields(to, data)
      const kind = kinds[index]
      const isBeside = kind !== undefined && this.#profile.mayRunBeside(kind)
      return { keys: isBeside ? (fields ?? []) : undefined, cost: costs[index] ?? 0 }
    })
    return planBlock(planned, { lanes: 1 + others, overhead: this.#overhead })
  }

  #executeSerial(
    { start, end }: Segment,
    { calls, world }: BlockRun,
    receipts: UnrootedReceipt[],
  ): void {
    for (let index = start; index < end; index++) {
      const call = callAt(calls, index)
      receipts.push(this.#timed(call, () => executeTransaction(call, world)))
    }
  }

  #timed<T>(call: ExecutableTransaction, run: () => T): T {
    const start = this.#spent()
    const result = run()
    const kind = kindOfCall(call)
    if (kind !== undefined) this.#profile.noteCost(kind, this.#spent() - start)
    return result
  }

  #executeParallel(
    { start, end, units }: Segment & { readonly type: 'parallel' },
    run: BlockRun,
    receipts: UnrootedReceipt[],
  ): void {
    const startUs = this.#init.now()
    const serialUs = this.#serialCost(run.calls.slice(start, end))
    const reports = this.#runLanes(units, run)
    const results = new Map(
      reports.flatMap((report) => report.results.map((one) => [one.index, one] as const)),
    )
    for (const { refused } of reports) for (const index of refused) this.#penalize(run, [index])
    const { tables } = run.place
    const merge = new Merge()
    for (let index = start; index < end; index++) {
      const call = callAt(run.calls, index)
      const result = results.get(index)
      const refusal = result && merge.refusalOf(result)
      if (result === undefined || refusal !== undefined) {
        if (refusal !== undefined) this.#penalize(run, [index, ...refusal])
        tables.track()
        receipts.push(this.#timed(call, () => executeTransaction(call, run.world)))
        merge.noteSerial(index, tables.endTracking())
      } else {
        tables.apply(result.changes)
        receipts.push(result.receipt)
        merge.note(result)
      }
    }
    this.#payoff.note(serialUs, this.#init.now() - startUs)
  }

  #serialCost(calls: readonly ExecutableTransaction[]): number {
    let cost = 0
    for (const call of calls) {
      const kind = kindOfCall(call)
      if (kind !== undefined) cost += this.#profile.costOf(kind)
    }
    return cost
  }

  #runLanes(units: readonly (readonly number[])[], run: BlockRun): readonly LaneReport[] {
    const { header, tables, parentHash } = run.place
    const { parentNumber } = tables
    const block: LaneBlock = { header, parentNumber, parentHash, changes: tables.changes() }
    const transactions = new Map(
      units.flat().map((index) => [index, callAt(run.calls, index)] as const),
    )
    const segment = { transactions, units }
    const bytes = packJob(block, segment)
    const work = this.#init.pool.begin({ bytes, unitCount: units.length })
    const lane = openLane(block, {
      ...this.#components,
      hashOf: run.place.hashOf,
    })
    const own = runUnits(lane, segment, () => work.take())
    return [own, ...work.finish().map(unpackReport)]
  }

  /** Of calls that conflicted against what was declared: those of which nothing was declared are to blame first. */
  #penalize({ calls, world }: BlockRun, indexes: readonly number[]): void {
    const involved = indexes.map((index) => callAt(calls, index))
    const undeclared = involved.filter(
      ({ to, data }) => to === undefined || world.native.criticalFields(to, data) === undefined,
    )
    for (const call of undeclared.length === 0 ? involved : undeclared) {
      const kind = kindOfCall(call)
      if (kind !== undefined) this.#profile.noteConflict(kind)
    }
  }
}

/** Creations are of no kind: they are always barriers. */
function kindOfCall({ to, data }: ExecutableTransaction): string | undefined {
  return to === undefined ? undefined : kindOf(to, data)
}

function callAt(calls: readonly ExecutableTransaction[], index: number): ExecutableTransaction {
  const call = calls[index]
  assert(call !== undefined, 'plans are about transactions of the block')
  return call
}

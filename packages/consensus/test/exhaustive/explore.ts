/**
 * Visits every state that the symbolic group can be in, nearest first.
 * @module
 */
import { memoryUsage } from 'node:process'
import type { Clock } from '@bcos-ts/common'
import { KeyTable } from './key-table.ts'
import type { Sizes } from './options.ts'
import { isLive } from './progress.ts'
import { type Rules, Violation } from './sealer.ts'
import { type Cluster, World } from './world.ts'

export interface Search {
  readonly sizes: Sizes
  readonly rules: Rules
  /** Where the search ends without having seen everything. */
  readonly timeMaxMs: number
  /** Of so many states one is asked whether the group can go on from it; 0: none. */
  readonly progressEvery: number
  readonly clock: Clock
  readonly onProgress?: (report: Report) => void
}

export interface Report {
  /** What all may have said, visited. */
  readonly states: number
  readonly transitions: number
  /** How many votes lie behind the states up to which all were visited. */
  readonly depth: number
  /** States of single sealers, what they have said included. */
  readonly sealers: number
  /** Sets of them. */
  readonly sets: number
  /** Events that the shipping step has computed. */
  readonly steps: number
  /** States in which the liar fell silent and the group went on. */
  readonly asked: number
  readonly tookMs: number
  readonly memoryMb: number
  /** Every state within the sizes was visited. */
  readonly isComplete: boolean
  readonly violation: string | undefined
  /** What leads to the violation. */
  readonly trace: readonly string[]
}

const REPORT_EVERY = 50_000
/** How many of the states that a cluster stands for are asked for progress. */
const CHOICES_MAX = 4
/** Looking at the clock is slow. */
const CLOCK_EVERY = 16

export function explore(search: Search): Report {
  return new Exploration(search).run()
}

class Exploration {
  readonly #search: Search
  readonly #world: World
  readonly #startedMs: number
  /** In the order in which they were met, which is that of the depth. */
  readonly #met = new KeyTable()
  /** From which state each was first reached. */
  readonly #from: number[] = []
  readonly #asked = new Set<string>()
  #transitions = 0
  #depth = 0

  constructor(search: Search) {
    this.#search = search
    this.#world = new World(search.sizes, search.rules)
    this.#startedMs = search.clock.nowMs()
  }

  run(): Report {
    let at = 0
    try {
      this.#meet(this.#world.first(), 0)
      for (let levelEnd = 1; at < this.#met.size; at++) {
        if (at === levelEnd) {
          this.#depth++
          levelEnd = this.#met.size
        }
        this.#visit(at)
        if (at % CLOCK_EVERY === 0 && this.#isOver()) return this.#report(false)
      }
      return this.#report(true)
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      return { ...this.#report(false), violation: error.message, trace: this.#traceTo(at) }
    }
  }

  #visit(at: number): void {
    const { progressEvery } = this.#search
    const cluster = this.#met.keyAt(at)
    this.#world.next(cluster, (to) => {
      this.#transitions++
      this.#meet(to, at)
    })
    if (progressEvery > 0 && at % progressEvery === 0) this.#askForProgress(cluster)
  }

  #meet(cluster: Cluster, from: number): void {
    const before = this.#met.size
    if (this.#met.numberOf(cluster) < before) return
    this.#from.push(from)
    if (this.#met.size % REPORT_EVERY === 0) this.#search.onProgress?.(this.#report(false))
  }

  #askForProgress(cluster: Cluster): void {
    for (const choice of this.#world.choices(cluster, CHOICES_MAX)) {
      const key = choice.join()
      if (this.#asked.has(key)) continue
      this.#asked.add(key)
      if (isLive(this.#world, choice)) continue
      throw new Violation('progress: the liar is silent, everything arrives, and no block comes')
    }
  }

  #isOver(): boolean {
    const { timeMaxMs, clock } = this.#search
    return clock.nowMs() - this.#startedMs >= timeMaxMs
  }

  #report(isComplete: boolean): Report {
    const { automaton, sets } = this.#world
    return {
      states: this.#met.size,
      transitions: this.#transitions,
      depth: this.#depth,
      sealers: automaton.size,
      sets,
      steps: automaton.steps,
      asked: this.#asked.size,
      tookMs: this.#search.clock.nowMs() - this.#startedMs,
      memoryMb: Math.round(memoryUsage().rss / 1e6),
      isComplete,
      violation: undefined,
      trace: [],
    }
  }

  #traceTo(at: number): string[] {
    const path: number[] = [at]
    for (let now = at; now > 0;) {
      now = this.#from[now] ?? 0
      path.unshift(now)
    }
    return path.slice(1).map((to, i) => {
      let label = '?'
      const { honest } = this.#world
      this.#world.next(this.#met.keyAt(path[i] ?? 0), (next, place, how) => {
        if (next === this.#met.keyAt(to) && label === '?') label = `${honest[place]} ${how}`
      })
      return label
    })
  }
}

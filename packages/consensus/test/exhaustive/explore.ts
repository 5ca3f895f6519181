/**
 * Visits every state that the symbolic group can be in, nearest first.
 * @module
 */
import type { Clock } from '@bcos-ts/common'
import { Prng } from '@bcos-ts/testing/simulator'
import type { Sizes } from './options.ts'
import { isLive } from './progress.ts'
import { Violation } from './sealer.ts'
import type { Rules } from './sealer.ts'
import { type Cluster, World } from './world.ts'

export interface Search {
  readonly sizes: Sizes
  readonly rules: Rules
  /** Where the search ends without having seen everything. */
  readonly statesMax: number
  readonly timeMaxMs: number
  /** Every so many states one is asked whether the group can go on from it; 0: none. */
  readonly progressEvery: number
  readonly clock: Clock
  readonly onProgress?: (report: Report) => void
}

export interface Report {
  readonly states: number
  readonly transitions: number
  /** States of single sealers, each pair of state and event of which was computed by the shipping step. */
  readonly sealers: number
  readonly steps: number
  /** How many messages lie behind the states up to which all were visited. */
  readonly depth: number
  /** Random walks from the first state on. */
  readonly walks: number
  /** States in which the liar fell silent and the group went on. */
  readonly live: number
  readonly tookMs: number
  /** Every state within the sizes was visited. */
  readonly isComplete: boolean
  readonly violation: string | undefined
  /** What leads to the violation. */
  readonly trace: readonly string[]
}

/** Of the time, for the search that goes everywhere. */
const SPREAD_SHARE = 0.5
/** Longest walk: what is said in two heights and three views, and some. */
const WALK_MAX = 60
/** How often it is asked for progress before its end. */
const ASKED_ON_THE_WAY = 0.2
const REPORT_EVERY = 50_000
/** Where the first state was reached from. */
const NOWHERE = -1
/** How many of the states that a cluster stands for are asked for progress. */
const CHOICES_MAX = 4

export function explore(search: Search): Report {
  return new Exploration(search).run()
}

class Exploration {
  readonly #search: Search
  readonly #world: World
  readonly #startedMs: number
  /** Each state and the one that it was first reached from. */
  readonly #from = new Map<Cluster, Cluster>()
  readonly #live = new Set<string>()
  #transitions = 0
  #depth = 0
  #checked = 0
  #walks = 0

  constructor(search: Search) {
    this.#search = search
    this.#world = new World(search.sizes, search.rules)
    this.#startedMs = search.clock.nowMs()
  }

  run(): Report {
    try {
      const first = this.#world.first()
      return this.#spread(first) ?? this.#walk(first)
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      return { ...this.#report(false), violation: error.message }
    }
  }

  /** Nearest first; `undefined` when not everything could be visited. */
  #spread(first: Cluster): Report | undefined {
    let level: Cluster[] = [first]
    this.#from.set(first, NOWHERE)
    for (; level.length > 0; this.#depth++) {
      const next: Cluster[] = []
      for (const cluster of level) {
        const violation = this.#visit(cluster, next)
        if (violation !== undefined) return this.#report(false, { violation, cluster })
        if (this.#isOver(SPREAD_SHARE)) return undefined
      }
      level = next
    }
    return this.#report(true)
  }

  /** Where the search cannot go everywhere, it goes far: at random, again and again, each time from the beginning. */
  #walk(first: Cluster): Report {
    const prng = new Prng(1)
    for (; !this.#isOver(1); this.#walks++) {
      const labels: string[] = []
      try {
        this.#walkOnce(first, prng, labels)
      } catch (error) {
        if (!(error instanceof Violation)) throw error
        return { ...this.#report(false), violation: error.message, trace: labels }
      }
    }
    return this.#report(false)
  }

  #walkOnce(first: Cluster, prng: Prng, labels: string[]): void {
    let cluster = first
    for (let step = 0; step < WALK_MAX; step++) {
      const nexts: { to: Cluster; label: string }[] = []
      this.#world.next(cluster, (to, label) => nexts.push({ to, label }))
      const next = nexts[prng.below(Math.max(1, nexts.length))]
      if (next === undefined) break
      labels.push(next.label)
      this.#transitions++
      cluster = next.to
      if (!this.#from.has(cluster)) this.#from.set(cluster, NOWHERE)
      if (prng.chance(ASKED_ON_THE_WAY)) this.#askForProgress(cluster)
    }
    this.#askForProgress(cluster)
  }

  #askForProgress(cluster: Cluster): void {
    for (const choice of this.#world.choices(cluster, CHOICES_MAX)) {
      if (isLive(this.#world, choice, this.#live)) continue
      throw new Violation('progress: the liar is silent, everything arrives, and no block comes')
    }
  }

  #visit(cluster: Cluster, next: Cluster[]): string | undefined {
    const { progressEvery, onProgress } = this.#search
    try {
      this.#world.next(cluster, (to) => {
        this.#transitions++
        if (this.#from.has(to)) return
        this.#from.set(to, cluster)
        next.push(to)
        if (this.#from.size % REPORT_EVERY === 0) onProgress?.(this.#report(false))
      })
      this.#checked++
      if (progressEvery > 0 && this.#checked % progressEvery === 0) {
        this.#askForProgress(cluster)
      }
      return undefined
    } catch (error) {
      if (error instanceof Violation) return error.message
      throw error
    }
  }

  #isOver(share: number): boolean {
    const { statesMax, timeMaxMs, clock } = this.#search
    if (this.#from.size >= statesMax) return true
    return clock.nowMs() - this.#startedMs >= share * timeMaxMs
  }

  #report(
    isComplete: boolean,
    found?: { readonly violation: string; readonly cluster: Cluster },
  ): Report {
    return {
      states: this.#from.size,
      transitions: this.#transitions,
      sealers: this.#world.sealers,
      steps: this.#world.steps,
      depth: this.#depth,
      walks: this.#walks,
      live: this.#live.size,
      tookMs: this.#search.clock.nowMs() - this.#startedMs,
      isComplete,
      violation: found?.violation,
      trace: found === undefined ? [] : this.#traceTo(found.cluster),
    }
  }

  #traceTo(cluster: Cluster): string[] {
    const path: Cluster[] = []
    for (let at = cluster; at !== NOWHERE; at = this.#from.get(at) ?? NOWHERE) path.unshift(at)
    return path.slice(1).map((to, i) => {
      let label = '?'
      this.#world.next(path[i] ?? 0, (next, how) => {
        if (next === to && label === '?') label = how
      })
      return label
    })
  }
}

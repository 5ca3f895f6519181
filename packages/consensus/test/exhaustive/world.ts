/**
 * All honest sealers together.
 *
 * Sealers affect each other only by what they say, and what was said stays. So whether a sealer did something silent
 * (entered a view, took up a lock, lost its power) before or after another one spoke makes no difference to anybody
 * else. A state of the world is therefore, for each sealer, the set of all states in which it can be after what was
 * said so far, and a transition is that one of them says more. Nothing is lost by it, and most of the interleavings
 * are gone.
 *
 * States, sets and what can be heard are numbers here, so that the search is looking up in tables.
 * @module
 */
import { Automaton, type Next } from './automaton.ts'
import { type Heard, Hearing } from './heard.ts'
import { KeyTable } from './key-table.ts'
import { BLOCKS, type Sizes } from './options.ts'
import { type Rules, Violation } from './sealer.ts'
import { StateSets } from './state-sets.ts'
import { QUORUM, SIZE } from './words.ts'

/** Three sets of sealer states in one number. */
export type Cluster = number
/** A choice out of each set: one sealer state each. */
export type Choice = readonly [number, number, number]
type Sets = readonly [number, number, number]

const SETS_MAX = 2 ** 17
const SAID_MAX = 2 ** 20
const CHOICE_STEP = 7919
const CLOSED_MAX = 2_000_000
const OTHERS = [
  [1, 2],
  [0, 2],
  [0, 1],
] as const

/** What a sealer that says more may be in afterwards. */
interface Saying {
  readonly label: string
  readonly set: number
}

interface Closed {
  readonly set: number
  readonly sayings: readonly Saying[]
}

export class World {
  readonly sizes: Sizes
  readonly automaton: Automaton
  readonly honest: readonly number[]
  readonly #hearing: Hearing
  readonly #sets: StateSets
  /** Numbers of what is heard from two saids. */
  readonly #saids = new KeyTable()
  readonly #heardBy: number[] = []
  /** Pairs of a set and what it can hear. */
  #pairs = new KeyTable()
  #closed: Closed[] = []
  /** What was said by all, where agreement was looked at. */
  readonly #agreed = new KeyTable()

  constructor(sizes: Sizes, rules: Rules) {
    this.sizes = sizes
    this.automaton = new Automaton(sizes, rules)
    this.honest = Array.from({ length: SIZE }, (_, i) => i).filter((i) => i !== sizes.liar)
    this.#hearing = new Hearing(sizes)
    this.#sets = new StateSets((number) => this.automaton.saidOf(number))
  }

  get sets(): number {
    return this.#sets.size
  }

  first(): Cluster {
    const [a = 0, b = 0, c = 0] = this.honest.map((index) =>
      this.#sets.numberOf([this.automaton.first(index)]),
    )
    return this.#close([a, b, c])
  }

  /** Calls `visit` with each cluster that may be next. Throws {@link Violation}. */
  next(cluster: Cluster, visit: (next: Cluster, place: number, label: string) => void): void {
    const now = this.#split(cluster)
    for (let place = 0; place < OTHERS.length; place++) {
      for (const { label, set } of this.#closeOne(now, place).sayings) {
        const after: [number, number, number] = [now[0], now[1], now[2]]
        after[place] = set
        visit(this.#close(after), place, label)
      }
    }
  }

  /** Some choices of one state for each sealer: all of them where there are few. */
  choices(cluster: Cluster, most: number): Choice[] {
    const [a, b, c] = this.#split(cluster)
    const sets = [a, b, c].map((set) => this.#sets.statesOf(set))
    const all = sets.reduce((product, { length }) => product * length, 1)
    return Array.from({ length: Math.min(all, most) }, (_, i) => {
      // A prime step reaches all corners.
      let at = all <= most ? i : (i * CHOICE_STEP + cluster) % all
      const [x = 0, y = 0, z = 0] = sets.map((states) => {
        const chosen = states[at % states.length] ?? 0
        at = Math.floor(at / states.length)
        return chosen
      })
      return [x, y, z]
    })
  }

  #split(cluster: Cluster): Sets {
    const rest = Math.floor(cluster / SETS_MAX)
    return [cluster % SETS_MAX, rest % SETS_MAX, Math.floor(rest / SETS_MAX)]
  }

  /** Lets all sealers do what they can do in silence, and checks agreement. */
  #close(sets: Sets): Cluster {
    this.#checkAgreement(sets)
    const a = this.#closeOne(sets, 0).set
    const b = this.#closeOne(sets, 1).set
    const c = this.#closeOne(sets, 2).set
    if (this.#sets.size > SETS_MAX) throw new RangeError('too many sets of states')
    return a + SETS_MAX * (b + SETS_MAX * c)
  }

  /** At most one block of a height has commits of two honest sealers: the liar adds its own to any. */
  #checkAgreement([a, b, c]: Sets): void {
    const [x, y, z] = [this.#sets.saidOf(a), this.#sets.saidOf(b), this.#sets.saidOf(c)]
    const before = this.#agreed.size
    if (this.#agreed.numberOf(x + SETS_MAX * (y + SETS_MAX * z)) < before) return
    const saids = [x, y, z].map((said) => this.automaton.said(said))
    const committers = this.#hearing.blocksOf(saids, 'C')
    for (let height = 0; height < this.sizes.heights; height++) {
      const ofHeight = committers.slice(height * BLOCKS.length, (height + 1) * BLOCKS.length)
      if (ofHeight.filter((count) => count >= QUORUM - 1).length < 2) continue
      throw new Violation('agreement: two blocks of one height can be made')
    }
  }

  #closeOne(sets: Sets, place: number): Closed {
    const set = sets[place] ?? 0
    const heard = this.#heardAt(sets, place)
    // Only memory: what is forgotten is computed again.
    if (this.#closed.length >= CLOSED_MAX) {
      this.#closed = []
      this.#pairs = new KeyTable()
    }
    const before = this.#pairs.size
    const number = this.#pairs.numberOf(heard * SETS_MAX + set)
    if (number < before) return this.#closed[number] ?? { set, sayings: [] }
    const made = this.#explore(set, this.#hearing.heard(heard))
    this.#closed.push(made)
    return made
  }

  #heardAt(sets: Sets, place: number): number {
    const [one, two] = OTHERS[place] ?? [0, 0]
    const a = this.#sets.saidOf(sets[one])
    const b = this.#sets.saidOf(sets[two])
    const before = this.#saids.size
    const number = this.#saids.numberOf(Math.min(a, b) * SAID_MAX + Math.max(a, b))
    if (number === before) {
      const heard = this.#hearing.numberOf(this.automaton.said(a), this.automaton.said(b))
      this.#heardBy.push(heard)
    }
    return this.#heardBy[number] ?? 0
  }

  /** All that a sealer can get to, from any of these states, before and by saying more. */
  #explore(set: number, heard: Heard): Closed {
    const { automaton } = this
    const said = this.#sets.saidOf(set)
    const chances = this.#chances(said, heard)
    const reached = this.#sets.startFrom(set)
    const sayings = new Map<number, { label: string; states: number[] }>()
    const collect = ({ to, label }: Next): void => {
      const saidNow = automaton.saidOf(to)
      if (saidNow === said) return this.#sets.reach(to)
      const saying = sayings.get(saidNow)
      if (saying === undefined) sayings.set(saidNow, { label, states: [to] })
      else saying.states.push(to)
    }
    for (let i = 0; i < reached.length; i++)
      this.#leave(reached[i] ?? 0, { heard, chances }, collect)
    const closed = this.#sets.numberOfReached()
    const made = [...sayings.values()].map(({ label, states }) => ({
      label,
      set: this.#sets.numberOf(states),
    }))
    return { set: closed, sayings: made }
  }

  #leave(
    number: number,
    { heard, chances }: { readonly heard: Heard; readonly chances: readonly Chance[] },
    collect: (next: Next) => void,
  ): void {
    const { automaton, sizes } = this
    const height = automaton.headOf(number)
    const chance = chances[height]
    if (chance === undefined) return
    for (const next of automaton.free(number, chance.blocks)) collect(next)
    for (let view = 0; view < sizes.views; view++) {
      const pair = heard.pairs[height * sizes.views + view]
      if (pair === undefined) continue
      for (const next of automaton.due(number, view, pair)) collect(next)
    }
    if (!chance.isBlockMade) return
    for (const next of automaton.fetched(number)) collect(next)
  }

  /** What follows at each height from all votes together. */
  #chances(said: number, heard: Heard): Chance[] {
    const own = this.automaton.said(said)
    const signs = this.#hearing.blocksOf([own], 'S')
    const commits = this.#hearing.blocksOf([own], 'C')
    return Array.from({ length: this.sizes.heights }, (_, height) => {
      const first = height * BLOCKS.length
      const places = BLOCKS.map((__, i) => first + i)
      const signed = places.findLastIndex((i) => (signs[i] ?? 0) > 0) + 1
      const count = (i: number): number => (heard.committers[i] ?? 0) + (commits[i] ?? 0)
      return {
        blocks: Math.min(this.sizes.blocks, Math.max(signed, heard.signed[height] ?? 0) + 1),
        isBlockMade: places.some((i) => (heard.committers[i] ?? 0) > 0 && count(i) >= QUORUM - 1),
      }
    })
  }
}

interface Chance {
  /**
   * Blocks that may be proposed: those that were signed, and a new one. Which of the unsigned ones is the new one
   * makes no difference, so it is always the first.
   */
  readonly blocks: number
  /** Two honest commits and the liar's make a block. */
  readonly isBlockMade: boolean
}

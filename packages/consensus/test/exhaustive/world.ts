/**
 * All honest sealers together.
 *
 * Sealers affect each other only by what they say, and what was said stays. So whether a sealer did something silent
 * (entered a view, took up a lock, lost its power) before or after another one spoke makes no difference to anybody
 * else. A state of the world is therefore, for each sealer, the set of all states in which it can be after what was
 * said so far, and a transition is that one of them says more. Nothing is lost by it, and most of the interleavings
 * are gone.
 *
 * States, sets and worlds are numbers here: each pair of a state and an event is computed once, by the shipping step.
 * @module
 */
import { messageOf as textOfError } from '@bcos-ts/common'
import { type Option, optionsOf, type Other, type Sizes } from './options.ts'
import {
  decided,
  firstSealer,
  forgetUpTo,
  happen,
  restarted,
  type Rules,
  type Sealer,
  textOf,
  Violation,
} from './sealer.ts'
import { type Message, parse, QUORUM, SIZE } from './words.ts'

/** Three sets of sealer states in one number. */
export type Cluster = number
/** A choice out of each set: one sealer state each. */
export type Choice = readonly [number, number, number]

const SETS_MAX = 2 ** 17
const SAID_MAX = 2 ** 16
const CHOICE_STEP = 7919

/** A sealer that has said all this may be in any of these states. */
interface Possible {
  readonly states: readonly number[]
  readonly said: number
}

/** What a sealer that says more may be in afterwards. */
interface Saying {
  readonly label: string
  readonly states: readonly number[]
}

interface Closed {
  readonly set: number
  readonly sayings: readonly Saying[]
}

/** Something that a sealer does, with a name by which it is remembered. */
export interface Deed {
  readonly name: string
  readonly options: (sealer: Sealer, others: readonly Sealer[]) => Option[]
}

function pick(states: readonly number[] | undefined, at: number): number {
  return states?.[at % states.length] ?? 0
}

export class World {
  readonly sizes: Sizes
  readonly rules: Rules
  readonly honest: readonly number[]
  readonly #sealers: Sealer[] = []
  readonly #numbers = new Map<string, number>()
  readonly #sets: Possible[] = []
  readonly #setNumbers = new Map<string, number>()
  readonly #said = new Map<string, number>()
  readonly #saidOf: number[] = []
  /** What an event makes of a sealer. */
  readonly #results = new Map<string, number>()
  readonly #closed = new Map<number, Closed>()

  constructor(sizes: Sizes, rules: Rules) {
    this.sizes = sizes
    this.rules = rules
    this.honest = Array.from({ length: SIZE }, (_, i) => i).filter((i) => i !== sizes.liar)
  }

  /** States of single sealers that were met. */
  get sealers(): number {
    return this.#sealers.length
  }

  /** Pairs of a sealer's state and an event that the step has computed. */
  get steps(): number {
    return this.#results.size
  }

  first(): Cluster {
    const seeds = this.honest.map((index) => [this.#number(firstSealer(index))])
    return this.#close(seeds.map((states) => this.#setOf(states)))
  }

  /** Calls `visit` with each cluster that may be next. Throws {@link Violation}. */
  next(cluster: Cluster, visit: (next: Cluster, label: string) => void): void {
    const now = this.#split(cluster)
    for (let i = 0; i < now.length; i++) {
      for (const { label, states } of this.#closeOne(now, i).sayings) {
        const after = [...now]
        after[i] = this.#setOf(states)
        visit(this.#close(after), `${this.honest[i]} ${label}`)
      }
    }
  }

  /** Some choices of one state for each sealer: all of them where there are few. */
  choices(cluster: Cluster, most: number): Choice[] {
    const [a, b, c] = this.#split(cluster).map((set) => this.#possible(set).states)
    const all = (a ?? []).length * (b ?? []).length * (c ?? []).length
    return Array.from({ length: Math.min(all, most) }, (_, i) => {
      // A prime step reaches all corners.
      const at = all <= most ? i : (i * CHOICE_STEP + cluster) % all
      const [x, y] = [(a ?? []).length, (b ?? []).length]
      return [pick(a, at), pick(b, Math.floor(at / x)), pick(c, Math.floor(at / (x * y)))]
    })
  }

  sealersOf(choice: Choice): Sealer[] {
    return choice.map((number) => this.#sealer(number))
  }

  /** One sealer does all of this, one after the other. */
  act(choice: Choice, position: number, deed: Deed): Choice {
    const now: [number, number, number] = [...choice]
    const others = now.filter((_, i) => i !== position).map((number) => this.#sealer(number))
    for (const option of deed.options(this.#sealer(now[position] ?? 0), others)) {
      now[position] = this.#after(now[position] ?? 0, others, option)
    }
    return now
  }

  // Sets of states

  #split(cluster: Cluster): [number, number, number] {
    const rest = Math.floor(cluster / SETS_MAX)
    return [cluster % SETS_MAX, rest % SETS_MAX, Math.floor(rest / SETS_MAX)]
  }

  /** Lets all sealers do what they can do in silence, checks agreement, and forgets what everybody has committed. */
  #close(sets: readonly number[]): Cluster {
    const closed = sets.map((_, i) => this.#closeOne(sets, i).set)
    const sealers = closed.map((set) => this.#sealer(this.#possible(set).states[0] ?? 0))
    if (sealers.every(({ chain }) => chain.length > 0)) {
      checkAgreement(sealers)
      const height = (sealers[0]?.base ?? 0) + 1
      const forget = (number: number): number =>
        this.#number(forgetUpTo(this.#sealer(number), height))
      return this.#close(closed.map((set) => this.#setOf(this.#possible(set).states.map(forget))))
    }
    checkAgreement(sealers)
    const [a = 0, b = 0, c = 0] = closed
    return a + SETS_MAX * (b + SETS_MAX * c)
  }

  #closeOne(sets: readonly number[], position: number): Closed {
    let key = sets[position] ?? 0
    for (let i = 0; i < sets.length; i++) {
      if (i !== position) key = key * SAID_MAX + this.#possible(sets[i] ?? 0).said
    }
    const known = this.#closed.get(key)
    if (known !== undefined) return known
    const others = sets
      .filter((_, i) => i !== position)
      .map((set) => this.#sealer(this.#possible(set).states[0] ?? 0))
    const made = this.#explore(this.#possible(sets[position] ?? 0), others)
    this.#closed.set(key, made)
    return made
  }

  #explore({ states, said }: Possible, others: readonly Sealer[]): Closed {
    const reached = new Set(states)
    const sayings = new Map<number, { label: string; states: Set<number> }>()
    for (const number of reached) {
      const sealer = this.#sealer(number)
      for (const option of optionsOf(sealer, others, this.sizes)) {
        const to = this.#after(number, others, option)
        const saidNow = this.#saidOf[to] ?? 0
        if (saidNow === said) {
          reached.add(to)
          continue
        }
        const saying = sayings.get(saidNow) ?? { label: option.label, states: new Set() }
        saying.states.add(to)
        sayings.set(saidNow, saying)
      }
    }
    return {
      set: this.#setOf([...reached]),
      sayings: [...sayings.values()].map((one) => ({ label: one.label, states: [...one.states] })),
    }
  }

  #possible(set: number): Possible {
    const possible = this.#sets[set]
    if (possible === undefined) throw new RangeError(`no set ${set}`)
    return possible
  }

  #setOf(states: readonly number[]): number {
    const sorted = [...new Set(states)].toSorted((a, b) => a - b)
    const text = sorted.join()
    const known = this.#setNumbers.get(text)
    if (known !== undefined) return known
    const number = this.#sets.length
    if (number >= SETS_MAX) throw new RangeError('too many sets of states')
    this.#sets.push({ states: sorted, said: this.#saidOf[sorted[0] ?? 0] ?? 0 })
    this.#setNumbers.set(text, number)
    return number
  }

  // Single sealers

  #after(number: number, others: readonly Other[], option: Option): number {
    const key = `${number} ${option.key ?? option.label}`
    let to = this.#results.get(key)
    if (to === undefined) {
      to = this.#number(this.#happen(this.#sealer(number), option))
      this.#results.set(key, to)
    }
    if (to !== number) {
      checkQuorums(this.#sealer(number), this.#sealer(to), { others, option })
    }
    return to
  }

  #happen(before: Sealer, { label, events, synced, isRestart }: Option): Sealer {
    try {
      if (isRestart === true) return restarted(before, this.rules)
      const height = before.state.head.number + 1
      const start = synced === undefined ? before : decided(before, height, synced)
      return happen(start, events, this.rules)
    } catch (error) {
      const what = error instanceof Violation ? '' : 'assertion: '
      throw new Violation(`${what}${textOfError(error)} (${before.index} ${label})`)
    }
  }

  #sealer(number: number): Sealer {
    const sealer = this.#sealers[number]
    if (sealer === undefined) throw new RangeError(`no sealer ${number}`)
    return sealer
  }

  #number(sealer: Sealer): number {
    const text = `${sealer.index}|${textOf(sealer)}`
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#sealers.length
    this.#sealers.push(sealer)
    this.#numbers.set(text, number)
    const said = `${sealer.index}|${sealer.said.join()}`
    const saidNumber = this.#said.get(said) ?? this.#said.size
    if (saidNumber >= SAID_MAX) throw new RangeError('too many things were said')
    this.#said.set(said, saidNumber)
    this.#saidOf.push(saidNumber)
    return number
  }
}

export function checkAgreement(sealers: readonly Sealer[]): void {
  const longest = Math.max(...sealers.map(({ chain }) => chain.length))
  for (let i = 0; i < longest; i++) {
    const names = new Set(sealers.flatMap(({ chain }) => chain[i] ?? []))
    if (names.size > 1) throw new Violation('agreement: two blocks of one height are committed')
  }
}

/** An honest leader has proposed what is signed in its view. */
function checkProposer(sign: Message, honest: readonly Other[]): void {
  const { height, view } = parse(sign)
  const leader = honest.find(({ index }) => index === (view + height - 1) % SIZE)
  if (leader === undefined || leader.said.includes(`P${sign.slice(1)}`)) return
  throw new Violation('leader: a sign for what the leader has not proposed')
}

/** What is new in a sealer must be allowed by what the others have said; the liar says whatever helps. */
function checkQuorums(
  before: Sealer,
  after: Sealer,
  { others, option }: { readonly others: readonly Other[]; readonly option: Option },
): void {
  if (before.said.length === after.said.length) return
  const count = (wanted: (message: Message) => boolean): number =>
    [...others, after].filter(({ said }) => said.some(wanted)).length
  for (const message of after.said) {
    if (before.said.includes(message)) continue
    if (message.startsWith('S ')) checkProposer(message, [...others, after])
    if (!message.startsWith('C ')) continue
    const sign = `S${message.slice(1)}`
    if (count((one) => one === sign) < QUORUM - 1) {
      throw new Violation(`quorum: a commit without a quorum of signs (${option.label})`)
    }
  }
  if (after.chain.length <= before.chain.length || option.synced !== undefined) return
  const height = after.state.head.number
  const name = after.chain.at(-1) ?? ''
  const isFor = (message: Message): boolean => {
    const { kind, height: at, name: what } = parse(message)
    return kind === 'C' && at === height && what === name
  }
  if (count(isFor) < QUORUM - 1) {
    throw new Violation(`quorum: a block without a quorum of commits (${option.label})`)
  }
}

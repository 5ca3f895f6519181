/**
 * Whether a group can go on from a state when the liar says nothing any more, everything that is sent arrives, and
 * patience runs out where nothing else happens: one schedule, the obvious one.
 *
 * Of what was sent before, only votes and proposals are said again. Requests and evidence count from here on, and only
 * where the shipping step sends them.
 * @module
 */
import {
  executionOptions,
  fetchOption,
  type Option,
  sealTurnOptions,
  timerOption,
  voteOptions,
} from './options.ts'
import type { Letter } from './sealer.ts'
import { parse, type Untimed } from './words.ts'
import type { Choice, World } from './world.ts'

/** Twice around all leaders. */
const TIMEOUTS_MAX = 8
const TURNS_MAX = 40

export function isLive(world: World, from: Choice): boolean {
  const silence = new Silence(world, from)
  const goal = silence.lowestHead() + 1
  if (goal > world.sizes.heights) return true
  silence.greet()
  for (let timeouts = 0; timeouts <= TIMEOUTS_MAX; timeouts++) {
    silence.listen(goal)
    if (silence.lowestHead() >= goal) return true
    silence.loseHope()
  }
  return false
}

class Silence {
  readonly #world: World
  readonly #now: number[]
  readonly #post = new Map<string, Letter>()

  constructor(world: World, from: Choice) {
    this.#world = world
    this.#now = [...from]
  }

  lowestHead(): number {
    return Math.min(...this.#now.map((number) => this.#world.automaton.headOf(number)))
  }

  /** Leaders propose again what they have proposed. */
  greet(): void {
    const { honest } = this.#world
    for (const place of this.#now.keys()) {
      const connected = honest.filter((_, i) => i !== place)
      this.#act(place, { label: 'has sessions', events: [{ type: 'peers', connected }] })
    }
    for (const [key, { kind }] of this.#post) {
      if (kind !== 'propose') this.#post.delete(key)
    }
  }

  loseHope(): void {
    for (const place of this.#now.keys()) this.#act(place, timerOption())
  }

  /** Everybody hears everything, until nothing new follows. */
  listen(goal: number): void {
    for (let turn = 0; turn < TURNS_MAX && this.lowestHead() < goal; turn++) {
      const before = `${this.#now.join()} ${this.#post.size}`
      for (const place of this.#now.keys()) this.#listenAt(place)
      if (before === `${this.#now.join()} ${this.#post.size}`) break
    }
  }

  #listenAt(place: number): void {
    this.#actAll(place, this.#blocks(place))
    this.#actAll(place, this.#letters(place, 'proof').map(alone))
    this.#actAll(place, this.#requests(place))
    this.#actAll(place, this.#letters(place, 'propose').map(alone))
    this.#actAll(place, executionOptions(this.#sealer(place)))
    this.#actAll(place, this.#votes(place))
    this.#actAll(place, sealTurnOptions(this.#sealer(place)))
  }

  #sealer(place: number) {
    return this.#world.automaton.at(this.#now[place] ?? 0)
  }

  #others(place: number) {
    const { automaton, honest } = this.#world
    return this.#now
      .map((number, i) => ({
        index: honest[i] ?? 0,
        said: automaton.said(automaton.saidOf(number)),
      }))
      .filter((_, i) => i !== place)
  }

  #actAll(place: number, options: readonly Option[]): void {
    for (const option of options) this.#act(place, option)
  }

  #act(place: number, option: Option): void {
    const { automaton } = this.#world
    const { to, letters } = automaton.after(this.#now[place] ?? 0, option, this.#others(place))
    this.#now[place] = to
    for (const letter of letters) this.#post.set(letter.key, letter)
  }

  /** Whoever has a block serves it. */
  #blocks(place: number): Option[] {
    const { automaton } = this.#world
    const heads = this.#now.map((number) => automaton.headOf(number))
    const isBehind = Math.max(...heads) > (heads[place] ?? 0)
    return isBehind ? [fetchOption(this.#sealer(place))] : []
  }

  #letters(place: number, kind: Letter['kind']): Letter[] {
    const index = this.#world.honest[place] ?? 0
    return [...this.#post.values()].filter((letter) => {
      const isForUs = letter.to === undefined || letter.to === index
      return letter.kind === kind && letter.from !== index && isForUs
    })
  }

  /** The latest of each: a sealer asks for a higher view, never for a lower one. */
  #requests(place: number): Option[] {
    const latest = new Map<number, Letter>()
    for (const letter of this.#letters(place, 'request')) {
      const known = latest.get(letter.from)
      if (known === undefined || viewOf(known.event) < viewOf(letter.event)) {
        latest.set(letter.from, letter)
      }
    }
    const letters = [...latest.values()]
    if (letters.length === 0) return []
    const label = `hears ${letters.map(({ key }) => key).join(', ')}`
    return [{ label, events: letters.map(({ event }) => event) }]
  }

  #votes(place: number): Option[] {
    const sealer = this.#sealer(place)
    const { round, head } = sealer.state
    const others = this.#others(place).map(({ index, said }) => ({
      index,
      said: said.filter((message) => {
        const { height, view } = parse(message)
        return height === head.number + 1 && view === round?.view
      }),
    }))
    return voteOptions(sealer, others)
  }
}

const alone = ({ key, event }: Letter): Option => ({ label: `hears ${key}`, events: [event] })

const viewOf = (event: Untimed): number => (event.type === 'viewChange' ? event.change.view : -1)

/**
 * States of single sealers, and where events lead them: each pair is computed once, by the shipping step.
 * @module
 */
import { messageOf as textOfError } from '@bcos-ts/common'
import type { NumberedPair, Other, Pair } from './heard.ts'
import { KeyTable } from './key-table.ts'
import { BLOCKS, dueOptions, fetchOption, freeOptions, type Option, type Sizes } from './options.ts'
import {
  firstSealer,
  happen,
  type Letter,
  type Outcome,
  restarted,
  type Rules,
  type Sealer,
  textOf,
  Violation,
} from './sealer.ts'
import { type Message, messageOf, parse, QUORUM, SIZE } from './words.ts'

/** Somewhere that a sealer can get to. */
export interface Next {
  readonly to: number
  readonly label: string
}

/** What a sealer has in itself, where events lead it, and what it says on the way. */
interface Turn extends Outcome {
  readonly core: number
}

const BLOCKS_MAX = BLOCKS.length + 1
const CORES_MAX = 2 ** 20

export class Automaton {
  readonly #sizes: Sizes
  readonly #rules: Rules
  /** Sealers without what they have said: their rules do not look at that. */
  readonly #cores: Sealer[] = []
  readonly #coreNumbers = new Map<string, number>()
  readonly #turns = new Map<string, Turn>()
  readonly #saids: (readonly Message[])[] = []
  readonly #saidNumbers = new Map<string, number>()
  /** A state is a core and what was said. */
  readonly #states = new KeyTable()
  readonly #free: (readonly Next[])[] = []
  /** For each pair of votes and view, and each state. */
  readonly #due: (readonly Next[])[][] = []
  readonly #fetched: (readonly Next[])[] = []
  #steps = 0

  constructor(sizes: Sizes, rules: Rules) {
    this.#sizes = sizes
    this.#rules = rules
  }

  get size(): number {
    return this.#states.size
  }

  /** Events that the step has computed. */
  get steps(): number {
    return this.#steps
  }

  first(index: number): number {
    return this.#stateOf(this.#coreOf(firstSealer(index, 0)), [])
  }

  at(number: number): Sealer {
    return this.#core(this.#coreAt(number))
  }

  /** The last block that a sealer has. */
  headOf(number: number): number {
    return this.at(number).state.head.number
  }

  /** Number of all that a sealer has said. */
  saidOf(number: number): number {
    return this.#states.keyAt(number) % CORES_MAX
  }

  said(number: number): readonly Message[] {
    return this.#saids[number] ?? []
  }

  /** Whatever the others have voted, where so many blocks may be proposed. */
  free(number: number, blocks: number): readonly Next[] {
    const key = number * BLOCKS_MAX + blocks
    return (this.#free[key] ??= this.#lead(
      number,
      freeOptions(this.at(number), blocks, this.#sizes),
      [],
    ))
  }

  /** For what the others have voted in a view. */
  due(number: number, view: number, heard: NumberedPair): readonly Next[] {
    const ofHeard = (this.#due[heard.number * this.#sizes.views + view] ??= [])
    return (ofHeard[number] ??= this.#dueNow(number, view, heard.pair))
  }

  #dueNow(number: number, view: number, pair: Pair): Next[] {
    const sealer = this.at(number)
    const { liar } = this.#sizes
    const indices = Array.from({ length: SIZE }, (_, i) => i)
    const honest = indices.filter((i) => i !== liar && i !== sealer.index)
    const others = honest.map((index, i) => ({ index, said: pair[i] ?? [] }))
    const own = this.said(this.saidOf(number))
    return this.#lead(number, dueOptions(sealer, others, { view, own, liar }), others)
  }

  fetched(number: number): readonly Next[] {
    return (this.#fetched[number] ??= this.#lead(number, [fetchOption(this.at(number))], []))
  }

  /** What an option makes of a sealer, with what it sends on the way. Throws {@link Violation}. */
  after(
    number: number,
    option: Option,
    others: readonly Other[],
  ): { readonly to: number; readonly letters: readonly Letter[] } {
    try {
      const core = this.#coreAt(number)
      const { core: coreAfter, votes, letters } = this.#turn(core, option)
      if (coreAfter === core && votes.length === 0) return { to: number, letters }
      const said = this.said(this.saidOf(number))
      const saidAfter = [...new Set([...said, ...votes])].toSorted()
      const to = this.#stateOf(coreAfter, saidAfter)
      if (option.kind === 'nothing' && to !== number) {
        throw new Violation('height: something is done for what is of another height or view')
      }
      const isDecided = option.kind !== 'fetch' && this.headOf(number) !== this.headOf(to)
      checkVotes(said, saidAfter, others)
      if (isDecided) checkDecision(this.at(number), saidAfter, others)
      return { to, letters }
    } catch (error) {
      const what = error instanceof Violation ? '' : 'assertion: '
      throw new Violation(`${what}${textOfError(error)} (${this.at(number).index} ${option.label})`)
    }
  }

  #lead(number: number, options: readonly Option[], others: readonly Other[]): Next[] {
    const nexts = new Map<number, Next>()
    for (const option of options) {
      const { to } = this.after(number, option, others)
      if (to !== number && !nexts.has(to)) nexts.set(to, { to, label: option.label })
    }
    return [...nexts.values()]
  }

  #turn(core: number, option: Option): Turn {
    const key = `${core} ${option.key ?? option.label}`
    const known = this.#turns.get(key)
    if (known !== undefined) return known
    const { events, kind } = option
    const before = this.#core(core)
    this.#steps += Math.max(1, events.length)
    const outcome =
      kind === 'restart' ? restarted(before, this.#rules) : happen(before, events, this.#rules)
    const made = { ...outcome, core: this.#coreOf(outcome.sealer) }
    this.#turns.set(key, made)
    return made
  }

  #core(core: number): Sealer {
    const sealer = this.#cores[core]
    if (sealer === undefined) throw new RangeError(`no sealer ${core}`)
    return sealer
  }

  #coreAt(number: number): number {
    return Math.floor(this.#states.keyAt(number) / CORES_MAX)
  }

  #coreOf(sealer: Sealer): number {
    const text = textOf(sealer)
    const known = this.#coreNumbers.get(text)
    if (known !== undefined) return known
    this.#coreNumbers.set(text, this.#cores.length)
    return this.#cores.push(sealer) - 1
  }

  #stateOf(core: number, said: readonly Message[]): number {
    const text = said.join()
    const number = this.#saidNumbers.get(text) ?? this.#saids.length
    if (number === this.#saids.length) this.#saids.push(said)
    this.#saidNumbers.set(text, number)
    return this.#states.numberOf(core * CORES_MAX + number)
  }
}

/** What is new in a sealer must be allowed by what the others have said; the liar says whatever helps. */
function checkVotes(
  before: readonly Message[],
  after: readonly Message[],
  others: readonly Other[],
): void {
  for (const message of after) {
    if (before.includes(message)) continue
    const { kind, height, view, name } = parse(message)
    const sign = messageOf('S', { height, view, name })
    if (kind === 'C' && count(sign, after, others) < QUORUM - 1) {
      throw new Violation('quorum: a commit without a quorum of signs')
    }
    const place = `${kind} ${height} ${view} `
    if (after.some((one) => one.startsWith(place) && one !== message)) {
      throw new Violation('two votes: one sealer votes for two proposals in one view')
    }
  }
}

function checkDecision(
  { state }: Sealer,
  said: readonly Message[],
  others: readonly Other[],
): void {
  const { view = 0, proposal } = state.round ?? {}
  const place = { height: state.head.number + 1, view, name: proposal?.hash ?? '' }
  if (count(messageOf('C', place), said, others) < QUORUM - 1) {
    throw new Violation('quorum: a block without a quorum of commits')
  }
}

function count(message: Message, own: readonly Message[], others: readonly Other[]): number {
  return (
    others.filter(({ said }) => said.includes(message)).length + (own.includes(message) ? 1 : 0)
  )
}

/**
 * What one sealer can hear of the votes of the two other honest ones.
 *
 * It makes no difference to it which of the two has voted for what, only how many: so two situations are one where the
 * votes of each view are the same, and so are the numbers of those who have committed to each block.
 * @module
 */
import { BLOCKS, type Sizes } from './options.ts'
import { type Message, parse } from './words.ts'

/** The votes of another honest sealer. */
export interface Other {
  readonly index: number
  readonly said: readonly Message[]
}

export interface Heard {
  /** For each height and view, in this order: what was voted there. */
  readonly pairs: readonly NumberedPair[]
  /** For each height and block: how many of the two have committed to it, in any view. */
  readonly committers: readonly number[]
  /** For each height: how many of the blocks were signed; they are used in order. */
  readonly signed: readonly number[]
}

/** Votes of one height and view: of each of the two, in some order. */
export type Pair = readonly [readonly Message[], readonly Message[]]

export interface NumberedPair {
  readonly number: number
  readonly pair: Pair
}

/** What was heard, by numbers: equal numbers are equal facts. */
export class Hearing {
  readonly #sizes: Sizes
  readonly #pairs: NumberedPair[] = []
  readonly #pairNumbers = new Map<string, number>()
  readonly #heards: Heard[] = []
  readonly #heardNumbers = new Map<string, number>()

  constructor(sizes: Sizes) {
    this.#sizes = sizes
  }

  heard(number: number): Heard {
    const heard = this.#heards[number]
    if (heard === undefined) throw new RangeError(`nothing heard ${number}`)
    return heard
  }

  numberOf(one: readonly Message[], two: readonly Message[]): number {
    const { heights, views } = this.#sizes
    const pairs: NumberedPair[] = []
    for (let height = 1; height <= heights; height++) {
      for (let view = 0; view < views; view++) pairs.push(this.#pairAt([one, two], height, view))
    }
    const committers = this.blocksOf([one, two], 'C')
    const key = `${pairs.map((pair) => pair.number).join()}|${committers.join()}`
    const known = this.#heardNumbers.get(key)
    if (known !== undefined) return known
    const signs = this.blocksOf([one, two], 'S')
    const signed = Array.from({ length: heights }, (_, i) => {
      const ofHeight = signs.slice(i * BLOCKS.length, (i + 1) * BLOCKS.length)
      return ofHeight.findLastIndex((count) => count > 0) + 1
    })
    this.#heardNumbers.set(key, this.#heards.length)
    return this.#heards.push({ pairs, committers, signed }) - 1
  }

  #pairAt(
    saids: readonly [readonly Message[], readonly Message[]],
    height: number,
    view: number,
  ): NumberedPair {
    const [signs, commits] = ['S', 'C'].map((kind) =>
      saids
        .flatMap((said) => said.filter((one) => one.startsWith(`${kind} ${height} ${view} `)))
        .toSorted(),
    )
    const at = (i: number): Message[] => [signs?.[i], commits?.[i]].flatMap((one) => one ?? [])
    const pair: Pair = [at(0), at(1)]
    const key = pair.join('|')
    const known = this.#pairs[this.#pairNumbers.get(key) ?? -1]
    if (known !== undefined) return known
    const made = { number: this.#pairs.length, pair }
    this.#pairNumbers.set(key, made.number)
    this.#pairs.push(made)
    return made
  }

  /** For each height and block: how many have signed it, or committed to it, in any view. */
  blocksOf(saids: readonly (readonly Message[])[], kind: 'S' | 'C'): number[] {
    const counts = Array.from({ length: this.#sizes.heights * BLOCKS.length }, () => 0)
    for (const said of saids) {
      const blocks = said
        .map(parse)
        .filter((one) => one.kind === kind)
        .map(({ height, name }) => (height - 1) * BLOCKS.length + BLOCKS.indexOf(name))
      for (const block of new Set(blocks)) counts[block] = (counts[block] ?? 0) + 1
    }
    return counts
  }
}

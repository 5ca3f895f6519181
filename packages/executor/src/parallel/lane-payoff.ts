/** A block in lanes has to take this share of its serial time at most: else the other cores are busy with something else. */
const PAYS_BELOW = 0.85
/** Of blocks that could go in lanes, one of so many goes in order, so that serial costs stay known. */
const SAMPLED = 16
/** Blocks without lanes after one that did not pay; twice as many each time. */
const REST_FIRST = 16
const REST_MAX = 4096

/**
 * Whether lanes pay on this machine at present. What a plan promises holds for cores that are idle: several nodes on
 * one machine share them, and lanes then only add work.
 */
export class LanePayoff {
  #resting = 0
  #rest = REST_FIRST
  #tries = 0

  /** Whether the next block may go in lanes. Counts the block. */
  mayTry(): boolean {
    if (this.#resting > 0) {
      this.#resting -= 1
      return false
    }
    this.#tries += 1
    return this.#tries % SAMPLED !== 0
  }

  /** A block went in lanes: what it would have taken in order, and what it took. Any unit. */
  note(serial: number, took: number): void {
    if (took <= PAYS_BELOW * serial) {
      this.#rest = REST_FIRST
      return
    }
    this.#resting = this.#rest
    this.#rest = Math.min(2 * this.#rest, REST_MAX)
  }
}

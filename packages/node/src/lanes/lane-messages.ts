/**
 * What a node and the threads of its lanes say to each other.
 * @module
 */
import type { SuiteName } from '@bcos-ts/crypto'

/** What a thread is started with. */
export interface LaneThreadData {
  readonly suiteName: SuiteName
  /** Of the database, which the node has opened for its threads. */
  readonly path: string
  readonly isFreeStorage: boolean
}

export interface ToLane {
  readonly id: number
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly counter: SharedArrayBuffer
}

export interface FromLane {
  /** Of the job. */
  readonly id: number
  readonly report?: Uint8Array<ArrayBuffer>
  /** Why there is no report. */
  readonly failure?: string
}

const NEXT_UNIT = 0
const FINISHED = 1

/** Numbers that all lanes of a job share: the next unit to be taken, and how many lanes have finished. */
export class JobCounter {
  readonly #numbers: Int32Array
  readonly #unitCount: number

  /** Memory for a job of so many units. */
  static memory(unitCount: number): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)
    new Int32Array(memory)[2] = unitCount
    return memory
  }

  constructor(memory: SharedArrayBuffer) {
    this.#numbers = new Int32Array(memory)
    this.#unitCount = this.#numbers[2] ?? 0
  }

  /** The next unit, `undefined` when all are taken. */
  take(): number | undefined {
    const unit = Atomics.add(this.#numbers, NEXT_UNIT, 1)
    return unit < this.#unitCount ? unit : undefined
  }

  /** A lane has sent its report. */
  finished(): void {
    Atomics.add(this.#numbers, FINISHED, 1)
    Atomics.notify(this.#numbers, FINISHED)
  }

  /** Waits until so many lanes have finished; `false` when that takes longer. */
  wait(lanes: number, patienceMs: number, now: () => number): boolean {
    const end = now() + patienceMs
    for (;;) {
      const finished = Atomics.load(this.#numbers, FINISHED)
      if (finished >= lanes) return true
      const left = end - now()
      if (left <= 0) return false
      Atomics.wait(this.#numbers, FINISHED, finished, left)
    }
  }
}

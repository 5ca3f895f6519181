import { asError } from '../as-error.ts'

/** Something that goes on until it is told to stop. */
export interface Subscription {
  /** Nothing is delivered any more. */
  stop(): void
  /**
   * Resolves when it was stopped, or everything it was for is delivered. Rejects when it cannot go on and no
   * `onError` was given.
   */
  readonly ended: Promise<void>
}

export interface WatchOptions {
  /**
   * Hears what goes wrong. After a lost connection, or an error that the listener threw, the subscription goes on;
   * it ends when the node refuses it.
   */
  readonly onError?: (error: Error) => void
}

/** The end of a subscription, and who hears of errors. */
export class SubscriptionEnd {
  readonly ended: Promise<void>
  readonly #onError: ((error: Error) => void) | undefined
  readonly #onOver: () => void
  #resolve: () => void = () => {}
  #reject: (error: Error) => void = () => {}
  #isOver = false

  /** `onOver` is called once, however it ends. */
  constructor({ onError }: WatchOptions, onOver: () => void) {
    this.#onError = onError
    this.#onOver = onOver
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  get isOver(): boolean {
    return this.#isOver
  }

  report(error: unknown): void {
    if (!this.#isOver) this.#onError?.(asError(error))
  }

  finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#onOver()
    this.#resolve()
  }

  fail(error: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#onOver()
    if (this.#onError === undefined) {
      this.#reject(asError(error))
      return
    }
    this.#onError(asError(error))
    this.#resolve()
  }
}

import type { Address, LogEntry } from '@bcos-ts/protocol'

interface Mark {
  readonly logs: number
  readonly destroyed: number
  readonly refund: number
}

const NOTHING: ReadonlySet<Address> = new Set()

/** What a transaction leaves besides rows: logs, refunds, destroyed contracts. Undone with the frame that made it. */
export class Substate {
  readonly logs: LogEntry[] = []
  readonly #destroyed: Address[] = []
  #refund = 0

  get refund(): number {
    return this.#refund
  }

  get destroyed(): ReadonlySet<Address> {
    return this.#destroyed.length === 0 ? NOTHING : new Set(this.#destroyed)
  }

  addRefund(gas: number): void {
    this.#refund += gas
  }

  destroy(address: Address): void {
    this.#destroyed.push(address)
  }

  mark(): Mark {
    return { logs: this.logs.length, destroyed: this.#destroyed.length, refund: this.#refund }
  }

  undoTo(mark: Mark): void {
    this.logs.length = mark.logs
    this.#destroyed.length = mark.destroyed
    this.#refund = mark.refund
  }
}

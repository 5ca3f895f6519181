/** Bounds on what strangers can make a node hold. */
export interface AcceptLimits {
  /** Inbound connections in all, handshakes included. @default 1024 */
  readonly connectionsMax: number
  /** Inbound connections from one address. @default 128 */
  readonly connectionsPerAddressMax: number
}

export const ACCEPT_LIMITS_DEFAULT: AcceptLimits = {
  connectionsMax: 1024,
  connectionsPerAddressMax: 128,
}

/** Counts inbound connections by address. */
export class AcceptGate {
  readonly #limits: AcceptLimits
  readonly #byAddress = new Map<string, number>()
  #total = 0

  constructor(limits: AcceptLimits) {
    this.#limits = limits
  }

  /** The function that gives the place back, or `undefined` when there is no place. */
  enter(address: string): (() => void) | undefined {
    const count = this.#byAddress.get(address) ?? 0
    const { connectionsMax, connectionsPerAddressMax } = this.#limits
    if (this.#total >= connectionsMax || count >= connectionsPerAddressMax) return undefined
    this.#total += 1
    this.#byAddress.set(address, count + 1)
    let isInside = true
    return () => {
      if (!isInside) return
      isInside = false
      this.#leave(address)
    }
  }

  #leave(address: string): void {
    this.#total -= 1
    const count = (this.#byAddress.get(address) ?? 1) - 1
    if (count > 0) this.#byAddress.set(address, count)
    else this.#byAddress.delete(address)
  }
}

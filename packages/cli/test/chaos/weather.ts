import { Emitter } from '@bcos-ts/common'
import { type Flow, LINK_FAULTS, type LinkFault } from './plan.ts'

/** What happens now to the bytes between nodes. */
export class Weather {
  readonly #faults = new Map<string, LinkFault[]>()
  readonly #changes = new Emitter<undefined>()

  /** The worst of what is on. */
  of([from, to]: Flow): LinkFault | undefined {
    const on = this.#faults.get(`${from} ${to}`) ?? []
    return LINK_FAULTS.find((kind) => on.includes(kind))
  }

  begin(kind: LinkFault, flows: readonly Flow[]): void {
    for (const [from, to] of flows) {
      const key = `${from} ${to}`
      this.#faults.set(key, [...(this.#faults.get(key) ?? []), kind])
    }
    this.#changes.emit(undefined)
  }

  end(kind: LinkFault, flows: readonly Flow[]): void {
    for (const [from, to] of flows) {
      const on = this.#faults.get(`${from} ${to}`) ?? []
      const index = on.indexOf(kind)
      if (index !== -1) on.splice(index, 1)
    }
    this.#changes.emit(undefined)
  }

  onChange(listener: () => void): () => void {
    return this.#changes.on(listener)
  }
}

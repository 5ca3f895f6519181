/** Events for observers. Never for control flow: what must happen is called by name. */
export class Emitter<TEvent> {
  readonly #listeners = new Set<(event: TEvent) => void>()

  /** The returned function ends the subscription. */
  on(listener: (event: TEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  emit(event: TEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

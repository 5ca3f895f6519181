/** Events for observers. Never for control flow: what must happen is called by name. */
export class Emitter<TEvents extends Record<keyof TEvents, unknown>> {
  readonly #listeners = new Map<keyof TEvents, Set<(event: never) => void>>()

  /** The returned function ends the subscription. */
  on<TName extends keyof TEvents>(
    name: TName,
    listener: (event: TEvents[TName]) => void,
  ): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  emit<TName extends keyof TEvents>(name: TName, event: TEvents[TName]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event as never)
  }
}

/** Something that runs between `start` and `stop`. Both may be awaited; stopping twice is harmless. */
export interface Startable {
  start(): void | Promise<void>
  stop(): void | Promise<void>
}

/** Starts in order. When one fails, those already started are stopped again, last first. */
export async function startAll(parts: readonly Startable[]): Promise<void> {
  for (const [index, part] of parts.entries()) {
    try {
      await part.start()
    } catch (error) {
      await stopAll(parts.slice(0, index))
      throw error
    }
  }
}

/** Stops in reverse order. Every part gets its chance; the first failure is thrown at the end. */
export async function stopAll(parts: readonly Startable[]): Promise<void> {
  const failures: unknown[] = []
  for (const part of [...parts].toReversed()) {
    try {
      await part.stop()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

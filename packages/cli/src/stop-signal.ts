import { once } from 'node:events'

/** Resolves when the user or the system asks the process to stop. A second signal ends the process at once, as it does by default. */
export async function stopSignal(): Promise<void> {
  const waiting = new AbortController()
  const { signal } = waiting
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })])
  waiting.abort()
}

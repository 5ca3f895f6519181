import { once } from 'node:events'

const SIGNALS = ['SIGINT', 'SIGTERM']

/**
 * Resolves when the user or the system asks the process to stop, or when the process that opened a channel to
 * this one is gone. A second signal ends the process at once, as it does by default. Nobody waits any more, and it
 * resolves, when `isOver` is aborted.
 */
export async function stopSignal(isOver?: AbortSignal): Promise<void> {
  const waiting = new AbortController()
  const { signal } = waiting
  const end = (): void => waiting.abort()
  isOver?.addEventListener('abort', end, { once: true })
  const events = process.channel === undefined ? SIGNALS : [...SIGNALS, 'disconnect']
  try {
    await Promise.race(events.map((event) => once(process, event, { signal })))
  } catch (error) {
    if (isOver?.aborted !== true) throw error
  }
  waiting.abort()
}

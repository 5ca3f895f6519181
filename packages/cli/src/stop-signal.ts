import { once } from 'node:events'

const SIGNALS = ['SIGINT', 'SIGTERM']

/**
 * Resolves when the user or the system asks the process to stop, or when the process that opened a channel to
 * this one is gone. A second signal ends the process at once, as it does by default.
 */
export async function stopSignal(): Promise<void> {
  const waiting = new AbortController()
  const { signal } = waiting
  const events = process.channel === undefined ? SIGNALS : [...SIGNALS, 'disconnect']
  await Promise.race(events.map((event) => once(process, event, { signal })))
  waiting.abort()
}

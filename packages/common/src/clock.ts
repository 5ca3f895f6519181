/** Milliseconds since the Unix epoch. The only way to ask for the time outside this file. */
export interface Clock {
  nowMs(): number
}

export const systemClock: Clock = {
  // oxlint-disable-next-line no-restricted-properties -- the one place where the system's clock is read
  nowMs: () => Date.now(),
}

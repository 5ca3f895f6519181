/** Counters and gauges by name; names carry their unit, such as `p2p_bytes_in`. */
export interface Metrics {
  count(name: string, by?: number): void
  gauge(name: string, value: number): void
  snapshot(): Readonly<Record<string, number>>
}

export function createMetrics(): Metrics {
  const values = new Map<string, number>()
  return {
    count: (name, by = 1) => void values.set(name, (values.get(name) ?? 0) + by),
    gauge: (name, value) => void values.set(name, value),
    snapshot: () => Object.fromEntries(values),
  }
}

export const noMetrics: Metrics = { count: () => {}, gauge: () => {}, snapshot: () => ({}) }

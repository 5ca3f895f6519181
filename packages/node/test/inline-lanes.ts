/**
 * Lanes in the same thread, for tests: they take units in a given order of turns, before the caller does, and go the
 * whole way of packing that lanes in other threads go.
 */
import { type LaneComponents, type LaneJob, type LanePool, runLaneJob } from '@bcos-ts/executor'

export interface InlineLanes extends LanePool {
  /** Jobs that were handed out. */
  readonly jobs: () => number
}

/** `turns` says which lane takes the next unit: 0 is the caller's own, which also takes all that are left. */
export function inlineLanes(
  components: LaneComponents,
  turns: () => readonly number[],
  others = 2,
): InlineLanes {
  let jobs = 0
  return {
    jobs: () => jobs,
    ready: () => others,
    begin: ({ bytes, unitCount }: LaneJob) => {
      jobs += 1
      const units = Array.from({ length: unitCount }, (_, unit) => unit)
      const shares = Array.from({ length: others + 1 }, (): number[] => [])
      for (const lane of turns()) {
        const unit = units.shift()
        if (unit !== undefined) shares[lane % (others + 1)]?.push(unit)
      }
      const [own = [], ...rest] = shares
      own.push(...units)
      return {
        take: () => own.shift(),
        finish: () => rest.map((share) => runLaneJob(bytes, components, () => share.shift())),
      }
    },
  }
}

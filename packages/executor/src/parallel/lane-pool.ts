/**
 * Where the other lanes are: threads in a node, nothing in a browser, whatever a test wants.
 * @module
 */

/** A segment to be executed by several lanes. */
export interface LaneJob {
  /** Everything that a lane must know, packed: see `runLaneJob`. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly unitCount: number
}

/** A job under way. Units are taken, by this lane as by the others, until there are none left. */
export interface LaneWork {
  /** The next unit for the caller's own lane, `undefined` when all are taken. */
  take(): number | undefined
  /** Waits for the other lanes, and gives what they packed. A lane that died gives nothing. */
  finish(): readonly Uint8Array[]
}

export interface LanePool {
  /** How many other lanes would take part now. Asking makes them start: the answer may be more the next time. */
  ready(): number
  /** Hands the job to them. Synchronous, as execution is. */
  begin(job: LaneJob): LaneWork
}

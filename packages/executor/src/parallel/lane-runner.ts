/**
 * Lanes as they are made: in the thread of the block and in others alike.
 * @module
 */
import type { TrackedTables } from '@bcos-ts/protocol/ports'
import { openSession, openWorld, type WorldComponents } from '../open-world.ts'
import { type LaneBlock, packReport, runUnits, unpackJob } from './lane-job.ts'
import { Lane } from './lane.ts'

/** What a lane is made of. */
export interface LaneComponents extends WorldComponents {
  /** Fresh tables on the state after that block. Throws when the state is another one. */
  readonly openTables: (parentNumber: number) => TrackedTables
  /** Hash of a committed block. */
  readonly hashOf: (number: number) => Uint8Array | undefined
}

export function openLane(block: LaneBlock, components: LaneComponents): Lane {
  const { header, parentNumber, parentHash, changes } = block
  const tables = components.openTables(parentNumber)
  tables.apply(changes)
  const place = { header, tables, parentHash, hashOf: components.hashOf }
  const shared = openWorld(components, place)
  return new Lane({
    tables,
    world: () => ({ ...shared, ...openSession(components, place) }),
  })
}

/** What a thread does with a job: takes units until there are none left. The result is packed for the way back. */
export function runLaneJob(
  bytes: Uint8Array,
  components: LaneComponents,
  take: () => number | undefined,
): Uint8Array<ArrayBuffer> {
  const { block, ...segment } = unpackJob(bytes)
  return packReport(runUnits(openLane(block, components), segment, take))
}

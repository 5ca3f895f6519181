import type { AddressMemo } from './address-memo.ts'
import type { GasSchedule } from './gas.ts'
import type { HashMemo } from './hash-memo.ts'
import type { Program, Segment } from './program.ts'
import type { Workspaces } from './workspace.ts'

/** What an engine is made with; the same for all frames. */
export interface Environment {
  readonly schedule: GasSchedule
  /** SHA3 of contracts: the suite's hash. */
  readonly hashes: HashMemo
  readonly addresses: AddressMemo
  readonly workspaces: Workspaces
  /** Makes JavaScript of a segment that has become hot; absent where code must not be made. */
  readonly compile: ((program: Program, segment: Segment) => void) | undefined
  /** Instructions interpreted in a segment before it is hot. */
  readonly compileAfter: number
}

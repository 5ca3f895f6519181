import type { BlockTrace, TouchedCell, TrackedTables } from '@bcos-ts/protocol/ports'
import {
  type ExecutableTransaction,
  executeTransaction,
  type UnrootedReceipt,
} from './execute-transaction.ts'
import type { World } from './world.ts'

/** One transaction after the other. */
export function executeInOrder({
  calls,
  world,
}: {
  readonly calls: readonly ExecutableTransaction[]
  readonly world: World
}): UnrootedReceipt[] {
  openConflicts(calls, world)
  return calls.map((transaction) => executeTransaction(transaction, world))
}

/** The same, and what each of them wrote. */
export function traceInOrder({
  calls,
  world,
  place: { tables },
}: {
  readonly calls: readonly ExecutableTransaction[]
  readonly world: World
  readonly place: { readonly tables: TrackedTables }
}): {
  readonly receipts: UnrootedReceipt[]
  readonly written: BlockTrace['written']
} {
  openConflicts(calls, world)
  const written: TouchedCell[][] = []
  const receipts = calls.map((transaction) => {
    tables.track()
    const receipt = executeTransaction(transaction, world)
    written.push(tables.endTracking().cells.filter(({ isWritten }) => isWritten))
    return receipt
  })
  return { receipts, written }
}

/**
 * The reference plans parallel execution before it executes, and on the way opens tables: which access lists are in
 * force in the block depends on it (spec 03 §13.1, §14.2). With account gas it does not plan.
 */
export function openConflicts(
  calls: readonly ExecutableTransaction[],
  { charging, native }: World,
): void {
  if (charging.isOn) return
  for (const { to, data } of calls) if (to !== undefined) native.openConflicts(to, data)
}

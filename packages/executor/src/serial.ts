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

import type { NodeId } from '@bcos-ts/protocol'
import type { ModelEpoch } from './chain.ts'

/** Each rotation sends the first of those who work away and lets the next one in. */
export function workersAt(
  height: number,
  sealers: readonly NodeId[],
  { workers, blocks }: ModelEpoch,
): readonly NodeId[] {
  const rotations = Math.max(0, Math.floor((height - 1) / blocks))
  const chosen = Array.from(
    { length: workers },
    (_, seat) => sealers[(rotations + seat) % sealers.length] ?? '',
  )
  return chosen.toSorted()
}

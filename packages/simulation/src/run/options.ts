import type { PbftOptions } from '@bcos-ts/consensus'
import type { AdversaryKind } from '../adversaries/adversary.ts'
import type { EngineKind } from '../engines.ts'
import type { CompanionKind } from '../model/companion.ts'
import type { Plant } from '../plan.ts'
import type { FaultMix } from './fault-mixes.ts'

export interface RunOptions {
  /** Decides everything that these options leave open. */
  readonly seed: number
  /** Nodes; each seals in each group. */
  readonly size: number
  /** Groups on the same nodes. Default 1. */
  readonly groups?: number
  /** As many as the engine bears, one kind after the other; `random`: the seed decides, none included. */
  readonly adversaries: readonly AdversaryKind[] | 'random'
  readonly faults: FaultMix
  /** Simulated time. */
  readonly hours: number
  /** How long faults last at a stretch. Default 20 to 90 seconds. */
  readonly faultyMs?: { readonly min: number; readonly max: number }
  /** Of clients, for each group. Default 1. */
  readonly transactionsPerSecond?: number
  readonly engine: EngineKind
  /** Pool and synchronisation; default `shipping`. */
  readonly companion?: CompanionKind
  readonly pbft?: Partial<PbftOptions>
  readonly plant?: Plant
  /** Where each thing that happens is told, a line at a time. */
  readonly onTrace?: (line: string) => void
  /** Ends the run before its time, when the next faults would begin. */
  readonly signal?: { readonly aborted: boolean }
  /** Called now and then with what has been until then. */
  readonly onProgress?: (report: RunReport) => void
}

export interface Violation {
  /** Which promise was broken. */
  readonly invariant: string
  readonly message: string
}

export interface RunReport {
  readonly seed: number
  readonly nodes: number
  readonly groups: number
  /** Names, one for each node that lies. */
  readonly adversaries: readonly string[]
  readonly simulatedMs: number
  readonly events: number
  /** By kind. */
  readonly faults: Readonly<Record<string, number>>
  readonly blocks: number
  /** Mined, of all groups. */
  readonly transactions: number
  /** The longest time from the end of faults until all honest nodes had gone on and mined what was waiting. */
  readonly longestStuckMs: number
  readonly violation: Violation | undefined
}

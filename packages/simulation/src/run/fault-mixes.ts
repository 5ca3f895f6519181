import { type FaultProfile, MIXED_FAULTS } from '@bcos-ts/testing/simulator'

/** What goes wrong in a run, and how often votes are lost beside it. */
export interface FaultMix {
  readonly name: string
  readonly description: string
  readonly profile: FaultProfile
  readonly voteLoss: { readonly sign: number; readonly commit: number }
}

const NO_LOSS = { sign: 0, commit: 0 }
const CALM: FaultProfile = { ...MIXED_FAULTS, crash: 0, blackout: 0, partition: 0, storm: 0 }

export const FAULT_MIXES: readonly FaultMix[] = [
  {
    name: 'mixed',
    description: 'crashes, blackouts, partitions, storms, clocks set to another hour, lost votes',
    profile: { ...MIXED_FAULTS, clock: 0.04 },
    voteLoss: { sign: 0.05, commit: 0.15 },
  },
  {
    name: 'dense',
    description: 'the same, several times a second',
    profile: {
      ...MIXED_FAULTS,
      everyMs: 150,
      crash: 0.2,
      blackout: 0.01,
      clock: 0.1,
      storm: 0.3,
      downMs: { min: 30, max: 2500 },
      partitionMs: { min: 100, max: 3000 },
      stormMs: { min: 100, max: 2500 },
    },
    voteLoss: { sign: 0.05, commit: 0.1 },
  },
  {
    name: 'crashes',
    description: 'nodes and whole groups lose power, and come back on the disks they left',
    profile: { ...CALM, crash: 0.5, blackout: 0.08 },
    voteLoss: NO_LOSS,
  },
  {
    name: 'network',
    description: 'partitions and storms, and lost votes',
    profile: { ...CALM, partition: 0.3, storm: 0.4 },
    voteLoss: { sign: 0.1, commit: 0.4 },
  },
  {
    name: 'clocks',
    description: 'clocks are set, forwards and back, by up to an hour',
    profile: { ...CALM, clock: 0.6 },
    voteLoss: NO_LOSS,
  },
  { name: 'none', description: 'nothing but the adversaries', profile: CALM, voteLoss: NO_LOSS },
]

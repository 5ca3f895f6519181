import {
  PbftDriver,
  type PbftHost,
  type PbftOptions,
  RAFT_DEFAULTS,
  RaftDriver,
  type raftStep,
  rpbftParts,
  type step,
} from '@bcos-ts/consensus'
import type { ConsensusEngine } from '@bcos-ts/protocol/ports'
import type { Prng } from '@bcos-ts/testing/simulator'

/** Where chance comes from in a simulated world. */
const randomOf = (prng: Prng) => ({ bytes: (count: number) => prng.bytes(count) })

interface RaftParts {
  readonly options?: Partial<PbftOptions>
  readonly step?: typeof raftStep | undefined
}

/** Raft on a host that PBFT could have. */
export function raftOn(
  host: PbftHost,
  prng: Prng,
  { options = {}, step: planted }: RaftParts,
): ConsensusEngine {
  const { minBlockGenerationMs = RAFT_DEFAULTS.minBlockGenerationMs } = options
  return new RaftDriver({
    host: { ...host, random: randomOf(prng) },
    options: { minBlockGenerationMs },
    ...(planted === undefined ? {} : { step: planted }),
  })
}

interface RpbftParts {
  readonly options?: Partial<PbftOptions>
  readonly step?: typeof step | undefined
  /** This node leaves rotations out when it leads. */
  readonly skipsRotations?: boolean
}

/** rPBFT on a host that PBFT could have. */
export function rpbftOn(
  host: PbftHost,
  prng: Prng,
  { options = {}, step: planted, skipsRotations = false }: RpbftParts,
): ConsensusEngine {
  // The model knows no VRF: chance decides elsewhere who works.
  const lottery = { publicKey: '00'.repeat(32), prove: (input: string) => input }
  const parts = rpbftParts({ ...host, chainId: 1, random: randomOf(prng), lottery }, options)
  const { rotation } = parts.extension
  const lazy = {
    isDue: () => false,
    isCommitteeNew: () => rotation.isCommitteeNew(),
    transaction: () => rotation.transaction(),
    refuses: () => undefined,
  }
  return new PbftDriver({
    ...parts,
    ...(skipsRotations && { extension: { ...parts.extension, rotation: lazy } }),
    options,
    ...(planted === undefined ? {} : { step: planted }),
  })
}

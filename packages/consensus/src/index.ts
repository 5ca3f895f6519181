/**
 * Consensus of a BCOS chain: PBFT, rPBFT and Raft as pure step functions, and small drivers that carry out what they want.
 *
 * @example
 * ```ts
 * import { createPbftEngine } from '@bcos-ts/consensus'
 *
 * const engine = createPbftEngine({ groupId: 1, self, keys, suite, chain, executor, pool, network, … })
 * await engine.start()
 * ```
 * @module
 */
export { type Committee, committeeOf, isSealer, leaderOf, NOT_A_SEALER } from './committee.ts'
export {
  checkSyncedBlock,
  refusesSyncedHeader,
  type SyncedBlockTerms,
} from './driver/check-synced-block.ts'
export { createPbftEngine } from './driver/engine.ts'
export { PbftDriver, type PbftDriverInit } from './driver/pbft-driver.ts'
export { PBFT_DEFAULTS, type PbftHost, type PbftOptions, type VoteStore } from './driver/host.ts'
export {
  ConsensusError,
  type ConsensusErrorCode,
  CorruptVotesError,
  HostFailedError,
  InvalidPacketError,
} from './errors.ts'
export { type Bond, bondOf, boundTimestamp } from './pbft/bond.ts'
export {
  decodeBody,
  decodeEnvelope,
  decodeLockProof,
  decodePrepare,
  decodeTransactionsAnswer,
  decodeTransactionsRequest,
  encodeBody,
  encodeEnvelope,
  encodeLockProof,
  encodePrepare,
  encodeSignedFields,
  encodeTransactionsAnswer,
  encodeTransactionsRequest,
} from './pbft/codec.ts'
export { assertState, assertStep } from './pbft/invariants.ts'
export {
  type Envelope,
  type LockProof,
  type MissingTransaction,
  PacketId,
  PbftPacketType,
  type PrepareBody,
  type Proposal,
  type SignedBody,
  type TransactionsAnswer,
  type TransactionsRequest,
  type VoteKind,
} from './pbft/messages.ts'
export { type CompleteProposal, decodeProposal, type ProposalTerms } from './pbft/proposal.ts'
export {
  type DurableVotes,
  type Execution,
  type Head,
  type HeightVotes,
  type Lock,
  type PbftEffect,
  type PbftEvent,
  type PbftState,
  type Prepare,
  type Round,
  type Transition,
  type ViewChange,
  type Vote,
} from './pbft/state.ts'
export { type PbftInit, startPbft, step } from './pbft/step.ts'
export { deadlineMs, TIMEOUT_MAX_MS, VIEW_TIMEOUT_MS } from './pbft/timing.ts'
export { maxFaulty, quorumOf } from './quorum.ts'
export { decodeRaftMessage, encodeRaftMessage } from './raft/codec.ts'
export { createRaftEngine } from './raft/engine.ts'
export { RaftDriver, type RaftDriverInit } from './raft/raft-driver.ts'
export { RAFT_DEFAULTS, type RaftHost, type RaftOptions } from './raft/host.ts'
export { assertRaftStep } from './raft/invariants.ts'
export {
  type Heartbeat,
  type HeartbeatResponse,
  NO_HASH,
  type RaftMessage,
  RaftMessageType,
  VoteFlag,
  type VoteRequest,
  type VoteResponse,
} from './raft/messages.ts'
export {
  type DurableRaft,
  type Entry,
  type RaftEffect,
  type RaftEvent,
  type RaftRole,
  type RaftState,
  type RaftTransition,
} from './raft/state.ts'
export { type RaftInit, raftQuorum, raftStep, startRaft } from './raft/step.ts'
export { raftDeadlineMs } from './raft/timing.ts'
export { rotationDue, type RotationDue } from './rpbft/due.ts'
export { createRpbftEngine, rpbftParts } from './rpbft/engine.ts'
export { type Lottery, RPBFT_DEFAULTS, type RpbftHost, type RpbftOptions } from './rpbft/host.ts'
export { Rotation } from './rpbft/rotation.ts'
export {
  isRotation,
  rotationTransaction,
  type RotationTerms,
} from './rpbft/rotation-transaction.ts'
export {
  afterCommit,
  afterTimeout,
  type BlockSize,
  initialBlockSize,
  withLimit,
} from './sealer/block-size.ts'
export {
  decideSealing,
  EMPTY_BLOCK_INTERVAL_MS,
  type SealingDecision,
  type SealingView,
} from './sealer/policy.ts'
export { consensusErrorGuide } from './error-guide.ts'

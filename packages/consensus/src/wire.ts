/**
 * How messages of this consensus are made, signed and read: for simulators, monitors and tools that speak it beside
 * the engine. The engine itself needs none of this from outside.
 * @module
 */
export { PEER_MESSAGES_MAX } from './driver/inbox.ts'
export {
  isBoundTo,
  isSignedBy,
  Signer,
  type SignerInit,
  type Statement,
} from './driver/signatures.ts'
export { lookInPool } from './driver/transactions.ts'
export {
  decodeVoteRecord,
  encodeVoteRecord,
  newestRecord,
  type VoteRecord,
} from './driver/vote-record.ts'
export { prepareBond, viewChangeBond, voteBond } from './pbft/bond.ts'
export { completeProposal, encodeHashedProposal, encodeWholeProposal } from './pbft/proposal.ts'
export { decodeRaftRecord } from './raft/record.ts'
export { proposalBlock, type ProposalParts } from './sealer/proposal-block.ts'

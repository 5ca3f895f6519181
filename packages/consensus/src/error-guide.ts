import type { ErrorGuide } from '@bcos-ts/common'
import type { ConsensusErrorCode } from './errors.ts'

export const consensusErrorGuide: Readonly<Record<ConsensusErrorCode, ErrorGuide>> = {
  CONSENSUS_INVALID_PACKET: {
    cause:
      'A peer sent bytes on the channel of consensus that are no packet of it, or a proposal that contradicts itself.',
    evidence:
      'The message is dropped with this reason; the session stays and consensus goes on with the others.',
    remedy:
      'Nothing on this node. If one sealer does it all the time, compare its release, `supported_version` and `[consensus]` keys with yours.',
  },
  CONSENSUS_VOTES_CORRUPT: {
    cause:
      "Both records of this node's own votes (`data/groupN/pbft/votes.0` and `votes.1`, for Raft in `raft`) are unreadable. Voting on without them could break a promise that other sealers count on.",
    evidence: 'The node does not start: `nohup.out` ends with this code, exit code 1.',
    remedy:
      'Make this node an observer from another node, start it, let the group commit a block, then remove the two files and make it a sealer again.',
  },
  CONSENSUS_HOST_FAILED: {
    cause:
      'The disk refused a vote or a block: it is full, read-only, or the database was closed under the node.',
    evidence:
      'A `fatal` line in the log, `consensus stopped at height …`; the node ends with exit code 1.',
    remedy:
      'Free the disk or repair the file system, then start the node: nothing that was acknowledged is lost.',
  },
}

import {
  type Block,
  type BlockHeader,
  merkleRoot,
  type Transaction,
  ZERO_HASH,
} from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import type { Committee } from '../committee.ts'

export interface ProposalParts {
  readonly parent: BlockHeader
  readonly parentHash: Uint8Array
  readonly transactions: readonly Transaction[]
  readonly committee: Committee
  /** Time of the group, aligned between nodes, milliseconds. */
  readonly nowMs: number
}

/** A block as a leader proposes it: not executed, so that only the parent's state is known (spec 04 §6.3). */
export function proposalBlock(parts: ProposalParts, suite: CryptoSuite): Block {
  const { parent, parentHash, transactions, committee, nowMs } = parts
  const clock = BigInt(Math.floor(nowMs))
  const earliest = parent.timestamp + 1n
  const header: BlockHeader = {
    parentHash,
    stateRoot: parent.stateRoot,
    transactionsRoot: merkleRoot(
      transactions.map((one) => one.hash),
      suite,
    ),
    receiptsRoot: ZERO_HASH,
    dbHash: ZERO_HASH,
    logBloom: new Uint8Array(256),
    number: parent.number + 1,
    gasLimit: 0n,
    gasUsed: 0n,
    timestamp: clock > earliest ? clock : earliest,
    extraData: [],
    sealer: BigInt(committee.self),
    sealerList: committee.workingIds,
  }
  return { header, transactions, receipts: [], signatures: [] }
}

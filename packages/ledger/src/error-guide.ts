import type { ErrorGuide } from '@bcos-ts/common'
import type { ChainErrorCode } from './chain/errors.ts'
import type { GroupStoppedError } from './errors.ts'
import type { SyncErrorCode } from './sync/errors.ts'

export type LedgerErrorCode = ChainErrorCode | SyncErrorCode | GroupStoppedError['code']

export const ledgerErrorGuide: Readonly<Record<LedgerErrorCode, ErrorGuide>> = {
  LEDGER_OTHER_GENESIS: {
    cause:
      'The data folder holds a chain whose block 0 differs from what `group.N.genesis` makes: the file was changed, or the folder belongs to another chain.',
    evidence:
      'The node does not start; both genesis hashes are in the message, in `nohup.out` and in the log. Exit code 1.',
    remedy:
      'Put back the genesis file that all members of the group have. For a new chain, give the node an empty data folder.',
  },
  LEDGER_CORRUPT: {
    cause: 'Blocks, transactions or receipts that belong together do not fit on this disk.',
    evidence: '`the stored chain is damaged: …` at the start, or when the block is asked for.',
    remedy:
      'Stop the node, make it an observer, remove `data/groupN` with its votes, start, let it synchronise, make it a sealer again. Check the disk.',
  },
  LEDGER_NOT_NEXT_BLOCK: {
    cause:
      'A block does not stand on the head of the chain: two ways to the same block met, or a peer sent one too many.',
    evidence:
      'Inside the node; the log says `a block cannot be added` when synchronisation met it.',
    remedy: 'Nothing: nothing was written, and the right block is fetched again.',
  },
  LEDGER_GROUP_STOPPED: {
    cause: 'A block was agreed on while its group was being stopped. It was not written.',
    evidence: 'In the log while a node or a group stops.',
    remedy: 'Nothing: the block comes from the peers after the next start.',
  },
  SYNC_EXECUTION_DIFFERS: {
    cause:
      'A block that a quorum has signed has another state root, receipts root or hash when this node executes it: its program has another rule than the group, its tables on disk are damaged, or its lanes are at odds with execution in order.',
    evidence:
      'One line in the log at level error, and a reminder every half an hour. `bcos-ts why-stuck` says `halted`; `data/groupN/difference-<height>.json`, `bcos-ts difference` and JSON-RPC `getExecutionDifference` tell the first differing receipt and row. Height stands still; everything else goes on.',
    remedy:
      'Read the report (docs/guides/execution-differs.md). Upgrade the program, or remove `data/groupN` and synchronise again, then start the node: it tries the block once more.',
  },
  SYNC_INVALID_PACKET: {
    cause: 'A peer sent bytes that are no packet of block and transaction synchronisation.',
    evidence: 'Log at level debug: `a packet cannot be read`, with the node id of the peer.',
    remedy:
      'Nothing on this node. If it is always the same peer, compare its release and `supported_version`.',
  },
}

import type { ErrorGuide } from '@bcos-ts/common'
import type { StorageErrorCode } from './errors.ts'

export const storageErrorGuide: Readonly<Record<StorageErrorCode, ErrorGuide>> = {
  STORAGE_OPEN_FAILED: {
    cause:
      'The database of a group does not open. Mostly another process has it: the same node runs already. Else rights, a full disk, or damaged files.',
    evidence:
      'The node does not start: `cannot open the database at data/groupN/block: …` in `nohup.out` and as `fatal` in the log, exit code 1.',
    remedy:
      'Stop the process that is named as the user of it. Else check owner and rights of `data/`, and free space.',
  },
  STORAGE_CORRUPT: {
    cause: 'Rows on disk are not what a node wrote: the disk or a copy of the folder is damaged.',
    evidence:
      'The table is named in the message: in `nohup.out` at the start, or in the log when the row is read.',
    remedy:
      'Stop the node, make it an observer of the group, remove `data/groupN` with its votes, start, let it synchronise, make it a sealer again.',
  },
  STORAGE_BLOCK_GAP: {
    cause:
      'A block came to be written that does not follow the last one in the database. Nothing was written.',
    evidence:
      'Only programs that use a storage by themselves see it; a node checks the order before.',
    remedy: 'Write blocks in order, beginning with the one behind `committedBlock()`.',
  },
  STORAGE_NOT_OPEN: {
    cause: 'A storage was asked before `start()` or after `stop()`.',
    evidence: 'Thrown to the program that assembled the parts.',
    remedy: 'Start storages before what reads them, and stop them last.',
  },
  STATE_UNDECLARED_FIELD: {
    cause: 'A row was written with a field that its table does not declare.',
    evidence:
      'Receipt with status 21 (`0x15`) and the text `PrecompiledError`, for a transaction to a table or to CRUD.',
    remedy:
      'Compare the fields with `desc` of CRUD (0x1002). Field names are case sensitive; a table cannot get further fields.',
  },
}

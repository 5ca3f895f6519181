import type { ErrorGuide } from '@bcos-ts/common'
import type { NodeErrorCode } from './errors.ts'

const NO_START = 'The node does not start; the last line of `nohup.out` says it, exit code 1.'

export const nodeErrorGuide: Readonly<Record<NodeErrorCode, ErrorGuide>> = {
  CONFIG_UNREADABLE: {
    cause:
      'A configuration, key or certificate file, or the folder of the groups, is missing or may not be read.',
    evidence: `${NO_START} At run time: \`Signal refused, nothing was changed\` in the log.`,
    remedy:
      'Check the path behind `-c`, the paths in `config.ini` (relative to its folder), and the rights.',
  },
  CONFIG_OTHER_GROUP: {
    cause: 'The name of a genesis file and the `group.id` in it are of different groups.',
    evidence: `${NO_START} At run time: code \`0x1\` of startGroup with the file.`,
    remedy: 'Rename the file to `group.N.genesis` with the number that is in it, or restore it.',
  },
  CONFIG_SYNTAX: {
    cause:
      'A line is neither section, `key=value` nor a comment that begins with `;`; or a section or key stands twice.',
    evidence: `${NO_START} File and line are named.`,
    remedy:
      'Repair that line. A remark behind a value is part of the value: put it on a line of its own.',
  },
  CONFIG_INVALID_VALUE: {
    cause:
      'A value is not of the form that its key needs. Where 2.x takes the default in silence, this node stops.',
    evidence: `${NO_START} File, line, key and the expected form are named. At run time, after a signal, it is in the log, and the former list stays.`,
    remedy: 'Write the value in the form that is named, or remove the line to get the default.',
  },
  CONFIG_MISSING_KEY: {
    cause: 'A key without a default is absent.',
    evidence: `${NO_START} File and key are named.`,
    remedy: 'Add it; `docs/reference/configuration.md` has all keys.',
  },
  NODE_GUOMI_TRANSPORT: {
    cause:
      '`chain.sm_crypto=true` asks for TLS with SM certificates between nodes, which is not offered yet.',
    evidence: NO_START,
    remedy: 'Build the chain without `-g`, or serve it with nodes of 2.x.',
  },
  NODE_ENCRYPTION_NOT_OFFERED: {
    cause:
      '`storage_security.enable=true` asks for an encrypted disk, which is not offered yet. Going on would leave data in the clear.',
    evidence: NO_START,
    remedy: 'Encrypt the disk below the node, and set it to false.',
  },
  NODE_INVALID_DIFFERENCE: {
    cause:
      'A file `difference-<height>.json` in the data folder of a group is damaged, or was written by something else.',
    evidence: 'From `bcos-ts difference`, exit code 1, with the file.',
    remedy:
      'Remove the file and start the node: it writes the report anew when the block still differs.',
  },
  REPLAY_INVALID_RECORDING: {
    cause: 'The folder of `bcos-ts replay` holds no recording, or one with a damaged line.',
    evidence: '`… is not a recording that can be replayed: …`, exit code 2.',
    remedy: 'Name a folder that has `blocks.jsonl.gz` in it.',
  },
}

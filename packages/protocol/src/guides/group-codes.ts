import type { ErrorGuide } from '@bcos-ts/common'
import type { GroupCode } from '../group-codes.ts'

/** What each answer of generateGroup, startGroup, stopGroup, removeGroup and recoverGroup means. */
export const groupCodeGuide: Readonly<Record<keyof typeof GroupCode, ErrorGuide>> = {
  success: {
    cause: 'It was done.',
    evidence: 'Code `0x0`, such as `Group 2 started successfully`.',
    remedy: 'Nothing. A new group needs `generateGroup` and `startGroup` on every sealer.',
  },
  internalError: {
    cause:
      'The node could not do it: its disk, or the word in `.group_status` is none that it knows. Of `addPeers`: too many addresses, or `config.ini` cannot be written.',
    evidence: 'Code `0x1` with the reason; `queryGroupStatus` has status UNKNOWN.',
    remedy: 'Do what the message says; look at `data/groupN/.group_status` and free space.',
  },
  exists: {
    cause: 'A group of this number is there already.',
    evidence: 'Code `0x2`, `Group N already exists`.',
    remedy: 'Choose another number.',
  },
  running: {
    cause: 'The group runs: it cannot be started again, nor removed.',
    evidence: 'Code `0x3`, `Group N is already running` or `Group N is running`.',
    remedy: 'To remove it, call `stopGroup` first.',
  },
  stopped: {
    cause: 'The group was stopped before.',
    evidence: 'Code `0x4`, `Group N has already been stopped`.',
    remedy: 'Nothing; `startGroup` runs it again.',
  },
  deleted: {
    cause: 'The group was removed: it is marked as deleted, its data are still there.',
    evidence: 'Code `0x5`, `Group N has been deleted`.',
    remedy: 'Call `recoverGroup`, then `startGroup`.',
  },
  notFound: {
    cause: 'This node has no group of this number.',
    evidence: 'Code `0x6`, `Group N not found`.',
    remedy: 'Compare `getGroupList`; ask the right node.',
  },
  invalidParameter: {
    cause:
      'A parameter cannot be used: group ids are 1 to 32767, times decimal text in milliseconds, sealers node ids of 128 digits without 0x. Of `addPeers`: the list holds something other than addresses.',
    evidence: 'Code `0x7`; the parameter is named.',
    remedy: 'Correct that parameter.',
  },
  peersNotConnected: {
    cause: 'A sealer of the new group is not connected to this node.',
    evidence: 'Code `0x8`, `Peer(s) not connected: …` with the node ids.',
    remedy:
      'Start those nodes, or add their addresses with `addPeers`; `getPeers` shows who is connected.',
  },
  genesisExists: {
    cause: '`conf/group.N.genesis` is there already.',
    evidence: 'Code `0x9`.',
    remedy:
      'If the group should run, call `startGroup`. Else choose another number, or remove the file by hand.',
  },
  settingsExist: {
    cause: '`conf/group.N.ini` is there already.',
    evidence: 'Code `0xa`.',
    remedy: 'Remove or rename the file, or choose another number.',
  },
  genesisMissing: {
    cause: 'There is no `conf/group.N.genesis`: the group was never generated on this node.',
    evidence: 'Code `0xb`.',
    remedy: 'Call `generateGroup` with the same parameters as on the other sealers.',
  },
  settingsMissing: {
    cause: 'There is no `conf/group.N.ini`.',
    evidence: 'Code `0xc`.',
    remedy: 'Copy it from another group, or from another node of this group.',
  },
  stopping: {
    cause: 'The group is on its way to stop.',
    evidence: 'Code `0xd`, `Group N is stopping`.',
    remedy: 'Wait until `queryGroupStatus` says STOPPED.',
  },
  notDeleted: {
    cause: 'Only removed groups can be recovered.',
    evidence: 'Code `0xe`, `Group N has not been deleted`.',
    remedy: 'Nothing: the group is there. `startGroup` runs it.',
  },
}

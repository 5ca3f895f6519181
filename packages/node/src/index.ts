/**
 * A BCOS node: its configuration and the composition of its parts.
 * @module
 */
export { type NodeListHolder, reloadNodeLists, SdkAllowLists } from './access-lists.ts'
export { buildInfo } from './build-info.ts'
export { type ChainContracts, chainContracts } from './chain-crypto.ts'
export { type Chain, type ChainInit, openChain } from './execution.ts'
export { compareStorages, compareWithData, type DataComparison } from './difference/compare-data.ts'
export { differenceKeeper, readDifference } from './difference/difference-file.ts'
export { defaultComponents } from './default-components.ts'
export { type BcosNode, createNode, type NodeInit, type ServerServices } from './create-node.ts'
export { FileSignals, type SignalActions } from './file-signals.ts'
export { FileGroupRegistry, groupRegistryOf } from './groups/file-registry.ts'
export { GroupManager, type GroupManagerInit } from './groups/group-manager.ts'
export { type GroupRegistry } from './groups/group-registry.ts'
export { type GroupSettings } from './groups/group-settings.ts'
export { type GenesisChoices, genesisText, settingsText } from './groups/group-template.ts'
export { type GroupComponents, openGroup } from './groups/open-group.ts'
export {
  type MemoryChain,
  type MemoryNode,
  memoryNodes,
  type MemoryNodesInit,
  startMemoryChain,
} from './memory-nodes.ts'
export { savePeers } from './save-peers.ts'
export { type RunningNode, startNode } from './start-node.ts'
export { type GenesisFile, parseGenesisFile } from './config/genesis-file.ts'
export { type GroupConfig, parseGroupConfig } from './config/group-config.ts'
export { type NodeConfig, parseNodeConfig } from './config/node-config.ts'
export { type IniEntry, IniFile, parseIni } from './config/ini.ts'
export {
  ConfigSyntaxError,
  ConfigUnreadableError,
  EncryptionNotOfferedError,
  GuomiTransportError,
  InvalidDifferenceError,
  InvalidRecordingError,
  InvalidValueError,
  MissingKeyError,
  NodeError,
  type NodeErrorCode,
} from './errors.ts'
export { type Difference, type DifferenceKind, type FieldDifference } from './replay/compare.ts'
export { openRecordings, type Recording } from './replay/recording.ts'
export {
  replay,
  type ReplayComponents,
  type ReplayCount,
  type ReplayProgress,
  type ReplayReport,
} from './replay/replay.ts'
export { type ErrorStory, nodeErrorStories, storiesOf } from './error-stories.ts'
export { genesisHashOf, inspectData } from './inspect-data.ts'
export { type CertificateSet, type NodeFiles, readNodeFiles } from './node-files.ts'
export { serveLane } from './lanes/serve-lane.ts'
export { createThreadLanes, type ThreadLanesInit } from './lanes/thread-lanes.ts'
export type { LaneThreadData } from './lanes/lane-messages.ts'

/**
 * The interfaces between the packages of a node. Types only (and the few constants that belong to them).
 * @module
 */
export type { CryptoSuite, KeyPair, SuiteName } from '@bcos-ts/crypto'
export type * from './account-state.ts'
export type * from './amop.ts'
export type * from './block-store.ts'
export type * from './consensus-engine.ts'
export type * from './consensus-progress.ts'
export type * from './execution-difference.ts'
export type * from './executor.ts'
export type * from './group-service.ts'
export type * from './native-contracts.ts'
export {
  P2pModule,
  type P2pMessage,
  type P2pNetwork,
  type PeerInfo,
  protocolIdOf,
} from './network.ts'
export type * from './node-management.ts'
export {
  type Condition,
  type Effects,
  type Entry,
  type HashedRow,
  type HashedRows,
  type HashedTable,
  NOT_AUTHORIZED,
  type RowChange,
  type StateTables,
  type Table,
  TABLE_EXISTS,
  type TableChange,
  type TableDefinition,
  type TouchedCell,
  type TrackedTables,
  type Writer,
} from './state-tables.ts'
export type * from './synchronizer.ts'
export type * from './table-storage.ts'
export type * from './tx-pool.ts'
export type * from './virtual-machine.ts'

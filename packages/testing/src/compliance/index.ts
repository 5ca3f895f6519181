/**
 * Suites that say what an implementation of a port must do. A driver's test file applies one of them.
 * @module
 */
export { describeTableStorage, type TableStorageSetup } from './table-storage.ts'

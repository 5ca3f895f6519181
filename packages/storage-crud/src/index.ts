/**
 * CRUD tables of a BCOS chain: what a block sees and changes, its hash, and where it is kept.
 * The LevelDB driver has an entry of its own: `@bcos-ts/storage-crud/level`.
 * @module
 */
export { type BlockTablesInit, createBlockTables } from './block-tables.ts'
export { cachedStorage, type CachedStorageInit } from './cached.ts'
export { createMemoryStorage } from './drivers/memory.ts'
export {
  BlockGapError,
  CorruptStorageError,
  StorageError,
  type StorageErrorCode,
  StorageNotOpenError,
  StorageOpenError,
  UndeclaredFieldError,
} from './errors.ts'
export { storageErrorGuide } from './error-guide.ts'

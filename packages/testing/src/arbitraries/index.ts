/**
 * Random transactions, receipts, headers and blocks for property tests, and what liars make of signatures.
 *
 * @example
 * ```ts
 * import { anyBlock } from '@bcos-ts/testing/arbitraries'
 * import * as fc from 'fast-check'
 *
 * fc.assert(fc.property(anyBlock(suite), (block) => …))
 * ```
 * @module
 */
export { anyBlock, anyHeader, anySignatures } from './block.ts'
export { mirrored } from './mirrored.ts'
export { anyAddress, anyBytes, anyHash, anyNodeId, anyUint } from './primitives.ts'
export { anyLogEntry, anyReceipt } from './receipt.ts'
export { anyTransaction, anyTransactionFields } from './transaction.ts'

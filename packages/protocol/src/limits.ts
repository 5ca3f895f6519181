/**
 * Bounds that every node of a network must agree on, or that protect a node from its peers.
 * @module
 */

/** How many blocks a transaction may wait: `height < blockLimit <= height + 1000` (spec 01 §4.3). */
export const BLOCK_LIMIT_WINDOW = 1000

/** Longest frame that a peer or client may announce, bytes (spec 04 §1.6, 02 §3.2). */
export const FRAME_BYTES_MAX = 104_857_600

/** Longest code of a contract, bytes (spec 01 §10.2). */
export const CODE_BYTES_MAX = 0x40000

/** Gas limit of a transaction where the chain sets none (spec 03 §12). */
export const TX_GAS_LIMIT_DEFAULT = 300_000_000

/** Transactions of a block where the chain sets none (spec 03 §12). */
export const TX_COUNT_LIMIT_DEFAULT = 1000

/** Group ids run from 1 to this (spec 04 §2.3). */
export const GROUP_ID_MAX = 32_767

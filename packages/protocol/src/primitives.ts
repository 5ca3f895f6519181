/**
 * Forms in which identities travel through the packages.
 * @module
 */

/** An account or contract: 40 lower-case hex digits without `0x`, as the state's tables name it. */
export type Address = string

/** A node: its public key X || Y as 128 lower-case hex digits without `0x`. */
export type NodeId = string

/** A hash as map key: 64 lower-case hex digits without `0x`. */
export type HashText = string

export const ZERO_ADDRESS: Address = '0'.repeat(40)

export const ZERO_HASH: Uint8Array = new Uint8Array(32)

/** Byte-wise order of node ids, which numbers the sealers (spec 04 §6.1). */
export function sortNodeIds(ids: readonly NodeId[]): NodeId[] {
  return [...ids].toSorted()
}

import { toHex } from '@bcos-ts/common'
import type { Address, NodeId } from '@bcos-ts/protocol'
import * as fc from 'fast-check'

/** Bytes of an exact length. */
export function anyBytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length })
}

/** A number below `2 ** bits`, with the edges drawn often. */
export function anyUint(bits: number): fc.Arbitrary<bigint> {
  return fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })
}

/** 32 bytes. */
export function anyHash(): fc.Arbitrary<Uint8Array> {
  return anyBytes(32)
}

export function anyAddress(): fc.Arbitrary<Address> {
  return anyBytes(20).map(toHex)
}

export function anyNodeId(): fc.Arbitrary<NodeId> {
  return anyBytes(64).map(toHex)
}

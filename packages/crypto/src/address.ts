import { toHex } from '@bcos-ts/common'
import type { HashFunction } from './hash.ts'

export const ADDRESS_BYTES = 20

/** Last 20 bytes of the suite hash of X || Y (spec 01 §3.5). */
export function addressOf(hash: HashFunction, publicKey: Uint8Array): Uint8Array {
  return hash(publicKey).slice(32 - ADDRESS_BYTES)
}

/** 128 lower-case hexadecimal digits of X || Y: how sealers, observers and peers are named (spec 01 §3.5). */
export function nodeIdOf(publicKey: Uint8Array): string {
  return toHex(publicKey)
}

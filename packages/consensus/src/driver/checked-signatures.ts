import { LruMap, toHex } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'

/** Those of a few blocks of a large group. */
const REMEMBERED_MAX = 1024

/**
 * Signatures that a block carries are looked at twice: as evidence for the block before, and when the block itself has its
 * turn. Here each is checked once.
 */
export class CheckedSignatures {
  readonly hash: CryptoSuite['hash']
  readonly #suite: CryptoSuite
  readonly #known = new LruMap<string, boolean>(REMEMBERED_MAX)

  constructor(suite: CryptoSuite) {
    this.#suite = suite
    this.hash = suite.hash
  }

  verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean {
    const place = `${toHex(digest)} ${toHex(publicKey)} ${toHex(signature)}`
    const known = this.#known.get(place)
    if (known !== undefined) return known
    const isGood = this.#suite.verify(signature, digest, publicKey)
    this.#known.set(place, isGood)
    return isGood
  }
}

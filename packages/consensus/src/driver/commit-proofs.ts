import { fromHex, isBcosError, toHex } from '@bcos-ts/common'
import { encodeBytes, type HashText } from '@bcos-ts/protocol'
import { unwrap, wrap } from '../wrapped.ts'
import type { ProofStore } from './host.ts'

const HASH_BYTES = 32

interface Kept {
  readonly hash: HashText
  readonly proof: Uint8Array
}

/**
 * What proves to peers that the newest block was committed. Once there is a block on top of it, that one's signatures do;
 * so only the latest is kept, on disk too: a node may be the only one that has the block, and start anew.
 */
export class CommitProofs {
  readonly #store: ProofStore | undefined
  #kept: Kept | undefined

  constructor(store: ProofStore | undefined) {
    this.#store = store
    for (const record of store?.restore() ?? []) this.#kept ??= read(record)
  }

  /** `undefined`: there is none for this block. */
  note(hash: HashText, proof: Uint8Array | undefined): void {
    if (proof === undefined || this.#kept?.hash === hash) return
    this.#kept = { hash, proof }
    this.#store?.keep(wrap(encodeBytes(fromHex(hash)), encodeBytes(proof)))
  }

  of(hash: HashText): Uint8Array | undefined {
    return this.#kept?.hash === hash ? this.#kept.proof : undefined
  }
}

function read(record: Uint8Array): Kept | undefined {
  try {
    const list = unwrap(record)
    return { hash: toHex(list.fixed(0, HASH_BYTES)), proof: list.bytes(1).slice() }
  } catch (error) {
    if (!isBcosError(error)) throw error
    return undefined
  }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of recorded values; `origin` in it, or in each case, says where they come from. */
export function readVectors<T>(name: string): T {
  const file: T = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'vectors', name), 'utf8'))
  return file
}

export interface EncodingVectors {
  readonly rlp: readonly { readonly desc: string; readonly rlp: string }[]
  readonly rlpReject: readonly { readonly rlp: string; readonly why: string }[]
  readonly transactions: readonly {
    readonly suite: 'std' | 'sm'
    readonly format: string
    readonly raw: string
    readonly fields: Readonly<Record<string, string>>
    readonly unsignedHash: string
    readonly hash: string
    readonly sender: string
    readonly origin: string
  }[]
  readonly bloom: readonly {
    readonly address: string
    readonly topics: readonly string[]
    readonly bloomKeccak: string
    readonly bloomSm3: string
  }[]
  readonly merkle: readonly {
    readonly count: number
    readonly rootKeccak: string
    readonly rootSm3: string
  }[]
  readonly merkleProofs: readonly {
    readonly kind: string
    readonly suite: 'std' | 'sm'
    readonly index: number
    readonly hash: string
    readonly proof: readonly {
      readonly left: readonly string[]
      readonly right: readonly string[]
    }[]
    readonly root: string
  }[]
  readonly headers: readonly {
    readonly suite: 'std' | 'sm'
    readonly rlp: string
    readonly hash: string
  }[]
  readonly blocks: readonly {
    readonly suite: 'std' | 'sm'
    readonly supportedVersion: string
    readonly number: number
    readonly hash: string
    readonly blockRlp: string
  }[]
  readonly selectors: readonly {
    readonly signature: string
    readonly std: string
    readonly sm: string
  }[]
}

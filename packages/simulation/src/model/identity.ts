import { toHex } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import type { ModelIdentity } from './node.ts'

/** Sealers of a model, in the order of their node ids. */
export function identitiesOf(size: number, suite: CryptoSuite): ModelIdentity[] {
  const identities = Array.from({ length: size }, (_, index) => {
    const keys = suite.keyPair(new Uint8Array(32).fill(index + 1))
    return { keys, nodeId: toHex(keys.publicKey) }
  })
  return identities.toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
}

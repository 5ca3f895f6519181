import type { BlockHeader, NodeId } from '@bcos-ts/protocol'

/** A header that says nothing but its height, its parent's and who seals. */
export function headerOf(height: number, sealerList: readonly NodeId[]): BlockHeader {
  return {
    parentHash: Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? height - 1 : 0)),
    stateRoot: new Uint8Array(32),
    transactionsRoot: new Uint8Array(32),
    receiptsRoot: new Uint8Array(32),
    dbHash: new Uint8Array(32),
    logBloom: new Uint8Array(256),
    number: height,
    gasLimit: 0n,
    gasUsed: 0n,
    timestamp: 0n,
    extraData: [],
    sealer: 0n,
    sealerList,
  }
}

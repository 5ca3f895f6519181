import { bytesToBigInt, fromHex } from '@bcos-ts/common'
import {
  type CryptoSuite,
  type GenesisParameters,
  type NodeId,
  sortNodeIds,
} from '@bcos-ts/protocol'

/**
 * rPBFT: who works in the first epoch. All, in order, while there are seats; else a shuffle that every node
 * computes alike (spec 01 §8.3).
 */
export function workingSealersOfGenesis(
  genesis: GenesisParameters,
  suite: CryptoSuite,
): ReadonlySet<NodeId> {
  if (genesis.consensusType !== 'rpbft') return new Set()
  const sealers = sortNodeIds(genesis.sealers)
  const seats = Math.min(genesis.epochSealerCount, sealers.length)
  if (sealers.length > seats) shuffle(sealers, suite)
  return new Set(sealers.slice(0, seats))
}

function shuffle(ids: NodeId[], suite: CryptoSuite): void {
  for (let i = ids.length - 1; i > 0; i--) {
    const here = ids[i] ?? ''
    const j = Number(bytesToBigInt(suite.hash(fromHex(here))) % BigInt(i + 1))
    ids[i] = ids[j] ?? ''
    ids[j] = here
  }
}

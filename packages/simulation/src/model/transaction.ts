import { bigIntToBytes } from '@bcos-ts/common'
import { signTransaction, type Transaction } from '@bcos-ts/protocol'
import type { CryptoSuite, KeyPair } from '@bcos-ts/protocol/ports'

/** How many blocks a client's transaction may wait. */
const BLOCKS_TO_LIVE = 900
const clients = new WeakMap<CryptoSuite, KeyPair>()

/** The transaction of a client who believes the chain to be so high. */
export function modelTransaction(
  nonce: number,
  suite: CryptoSuite,
  { height = 0, groupId = 1 }: { readonly height?: number; readonly groupId?: number } = {},
): Transaction {
  const keys = clients.get(suite) ?? suite.keyPair(new Uint8Array(32).fill(0x77))
  clients.set(suite, keys)
  const fields = {
    nonce: BigInt(nonce),
    gasPrice: 1n,
    gas: 1n,
    blockLimit: BigInt(height + BLOCKS_TO_LIVE),
    to: '00'.repeat(20),
    value: 0n,
    data: bigIntToBytes(BigInt(nonce), 4),
    chainId: 1n,
    groupId: BigInt(groupId),
    extraData: new Uint8Array(0),
  }
  return signTransaction(fields, keys, suite)
}

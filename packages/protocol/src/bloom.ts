import { allocBytes, fromHex } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import type { LogEntry } from './receipt.ts'

const BLOOM_BYTES = 256
/** Of most receipts: they share it. */
const EMPTY_BLOOM = new Uint8Array(BLOOM_BYTES)

/** Bloom filter of a receipt: three bits for the address and each topic of each log (spec 01 §5.2). */
export function logBloom(logs: readonly LogEntry[], suite: CryptoSuite): Uint8Array {
  if (logs.length === 0) return EMPTY_BLOOM
  const bloom = allocBytes(BLOOM_BYTES)
  const add = (item: Uint8Array): void => {
    const hash = suite.hash(item)
    for (let i = 0; i < 6; i += 2) {
      const bit = (((hash[i] ?? 0) << 8) | (hash[i + 1] ?? 0)) & 2047
      const at = BLOOM_BYTES - 1 - (bit >> 3)
      bloom[at] = (bloom[at] ?? 0) | (1 << (bit & 7))
    }
  }
  for (const log of logs) {
    add(fromHex(log.address))
    for (const topic of log.topics) add(topic)
  }
  return bloom
}

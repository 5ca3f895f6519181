import { standardSuite } from '@bcos-ts/crypto'
import {
  decodeTransaction,
  encodeBytes,
  encodeList,
  merkleRoot,
  signTransaction,
} from '@bcos-ts/protocol'
import { RLP } from '@ethereumjs/rlp'
import { bench, describe } from 'vitest'

const keys = standardSuite.keyPair(new Uint8Array(32).fill(7))
const transaction = signTransaction(
  {
    nonce: 2n ** 240n + 1n,
    gasPrice: 1n,
    gas: 300_000_000n,
    blockLimit: 600n,
    to: '11'.repeat(20),
    value: 0n,
    data: new Uint8Array(100).fill(3),
    chainId: 1n,
    groupId: 1n,
    extraData: new Uint8Array(0),
  },
  keys,
  standardSuite,
)
const { raw } = transaction
const fields = RLP.decode(raw)
const items = Array.isArray(fields)
  ? fields.map((field) => (field instanceof Uint8Array ? field : raw))
  : []

describe('decode a transaction of 200 bytes', () => {
  bench('bcos-ts, with both hashes', () => void decodeTransaction(raw, standardSuite))
  bench('@ethereumjs/rlp, no hash (yardstick)', () => void RLP.decode(raw))
})

describe('encode 13 fields', () => {
  bench('bcos-ts', () => void encodeList(items.map(encodeBytes)))
  bench('@ethereumjs/rlp (yardstick)', () => void RLP.encode(items))
})

const hashes = Array.from({ length: 1000 }, (_, i) => new Uint8Array(32).fill(i))

describe('hash tree over 1000 transactions', () => {
  bench('bcos-ts', () => void merkleRoot(hashes, standardSuite))
  bench('1000 single hashes (yardstick)', () => {
    for (const hash of hashes) standardSuite.hash(hash)
  })
})

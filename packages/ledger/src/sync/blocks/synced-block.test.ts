import { fromHex, isBcosError, toHex } from '@bcos-ts/common'
import {
  type Block,
  encodeBlock,
  encodeBytes,
  encodeHeader,
  encodeInteger,
  encodeList,
  encodeTransactionList,
} from '@bcos-ts/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mine, openTestChain, suite, testNodes, transaction } from '../../../test/chain-kit.ts'
import { readVectors } from '../../../test/vectors.ts'
import { decodeSyncPacket } from '../packet.ts'
import { pointOfBlock, readSyncedBlock } from './synced-block.ts'

const nodes = testNodes(2)
const chain = await openTestChain(nodes)
const { block } = await mine(chain, nodes, [transaction(), transaction()])
const encoded = chain.store.encodedBlock(1) ?? new Uint8Array()
const numberOf = (bytes: Uint8Array): number => pointOfBlock(bytes, suite).number
const limits = { suite, transactionsMax: 1000 }

/** A block of the given parts, with the right header hash. */
function assembled(parts: { readonly header?: Uint8Array; readonly signatures?: Uint8Array }) {
  const header = parts.header ?? encodeHeader(block.header)
  return encodeList([
    header,
    encodeBytes(encodeTransactionList(block.transactions)),
    encodeBytes(suite.hash(header)),
    parts.signatures ?? encodeList([]),
    encodeList([]),
  ])
}

describe('a block of a peer', () => {
  it('is read without its receipts', () => {
    const read = readSyncedBlock(encoded, limits)
    expect(toHex(read.hash)).toBe(toHex(chain.store.headHash()))
    const expected: Block = { ...block, receipts: [], signatures: chain.store.signatures(1) }
    expect(toHex(encodeBlock(read.block, suite))).toBe(toHex(encodeBlock(expected, suite)))
    expect(pointOfBlock(encoded, suite)).toEqual({ number: 1, hash: toHex(read.hash) })
  })

  it('of a real node has its number and its hash', () => {
    interface Recorded {
      readonly blocksReceived: string
      readonly statusesSent: readonly string[]
    }
    const file = readVectors<Recorded>('recorded-download.json')
    const packet = decodeSyncPacket(fromHex(file.blocksReceived))
    if (packet.type !== 'blocks') throw new Error('no blocks were recorded')
    expect(packet.blocks.map(numberOf)).toEqual([1, 2, 3, 4, 5])
    const hashes = packet.blocks.map((bytes) => toHex(readSyncedBlock(bytes, limits).hash))
    const told = file.statusesSent.map((hex) => decodeSyncPacket(fromHex(hex)))
    expect(told).toMatchObject(hashes.map((latestHash) => ({ status: { latestHash } })))
  })

  it('is refused with more transactions than a block of the chain may have', () => {
    expect(() => readSyncedBlock(encoded, { suite, transactionsMax: 1 })).toThrow('1 allowed')
  })

  it('is refused with a header or signatures beyond any group, before they are taken apart', () => {
    const header = encodeList(
      Array.from({ length: 13 }, () => encodeList([encodeBytes(new Uint8Array(25_000))])),
    )
    expect(() => readSyncedBlock(assembled({ header }), limits)).toThrow('262144 allowed')
    expect(() => numberOf(assembled({ header }))).toThrow('262144 allowed')
    const signatures = encodeList(Array.from({ length: 600_000 }, () => encodeInteger(1)))
    expect(() => readSyncedBlock(assembled({ signatures }), limits)).toThrow('524288 allowed')
  })

  it('is refused with another header hash', () => {
    const other = encodeHeader({ ...block.header, number: 2 })
    const list = encodeList([
      other,
      encodeBytes(new Uint8Array(0)),
      encodeBytes(suite.hash(encoded)),
    ])
    expect(() => readSyncedBlock(list, limits)).toThrow('not the hash of the header')
  })

  it('is, of any bytes, read or refused with a code', () => {
    const spoilt = fc.tuple(fc.nat(), fc.nat({ max: 255 })).map(([at, byte]) => {
      const bytes = encoded.slice()
      bytes[at % bytes.length] = byte
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), spoilt), (bytes) => {
        for (const read of [numberOf, (all: Uint8Array) => readSyncedBlock(all, limits)]) {
          try {
            read(bytes)
          } catch (error) {
            expect(isBcosError(error)).toBe(true)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })
})

import { fromHex, isBcosError, toHex } from '@bcos-ts/common'
import {
  decodeBlock,
  encodeBlock,
  encodeBytes,
  encodeInteger,
  encodeList,
  encodeTransactionList,
  splitTransactionList,
} from '@bcos-ts/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { suite } from '../../test/chain-kit.ts'
import { type DerivedVectors, factOf, readVectors } from '../../test/vectors.ts'
import { decodeSyncPacket, encodeSyncPacket, type SyncPacket } from './packet.ts'

interface Recorded {
  readonly cases: readonly {
    readonly name: string
    readonly packetType: number
    readonly hex: string
  }[]
}

const recorded = readVectors<Recorded>('sync-packets.json').cases
const derived = readVectors<DerivedVectors>('sync-derived.json')
const ONE = '11'.repeat(32)
const TWO = '22'.repeat(32)
const LIST = encodeTransactionList([{ raw: fromHex('c3010203') }, { raw: fromHex('c20405') }])

describe('packets of a running network', () => {
  it.each(recorded.map(({ name, hex }) => [name, hex] as const))('%s', (name, hex) => {
    const packet = decodeSyncPacket(fromHex(hex))
    expect(name.startsWith(packet.type)).toBe(true)
    expect(toHex(encodeSyncPacket(packet))).toBe(hex)
  })

  it('carry their transactions with a place in the tree on the first hop', () => {
    const packets = recorded.filter(({ packetType }) => packetType === 1)
    expect(packets.length).toBeGreaterThan(3)
    for (const { hex } of packets) {
      const packet = decodeSyncPacket(fromHex(hex))
      expect(packet).toMatchObject({ type: 'transactions', startIndex: expect.any(Number) })
      if (packet.type !== 'transactions') continue
      const parts = splitTransactionList(packet.list)
      expect(toHex(encodeTransactionList(parts.map((raw) => ({ raw }))))).toBe(toHex(packet.list))
    }
  })

  it('carry whole blocks', () => {
    const packet = recorded.map(({ hex }) => decodeSyncPacket(fromHex(hex)))
    const blocks = packet.flatMap((one) => (one.type === 'blocks' ? one.blocks : []))
    expect(blocks.length).toBeGreaterThan(0)
    for (const bytes of blocks) {
      expect(toHex(encodeBlock(decodeBlock(bytes, suite).block, suite))).toBe(toHex(bytes))
    }
  })
})

describe('derived packets', () => {
  const status = { number: 5, genesisHash: ONE, latestHash: TWO, timeMs: 1_600_000_000_000 }
  const cases: readonly (readonly [string, SyncPacket])[] = [
    ['sync-status-v2.6', { type: 'status', status }],
    ['sync-status-v2.6-big', { type: 'status', status: { ...status, number: 2 ** 32 + 5 } }],
    ['sync-reqblocks', { type: 'blocksRequest', from: 6, count: 8 }],
    ['sync-txsstatus', { type: 'transactionsStatus', blockNumber: 7, hashes: [ONE, TWO] }],
    ['sync-txsrequest', { type: 'transactionsRequest', hashes: [ONE, TWO] }],
    ['sync-transactions', { type: 'transactions', list: LIST, startIndex: undefined }],
    ['sync-transactions-tree', { type: 'transactions', list: LIST, startIndex: 2 }],
    ['sync-blocks', { type: 'blocks', blocks: [fromHex('aabb'), fromHex('cc')] }],
  ]

  it.each(cases)('%s', (id, packet) => {
    const hex = derived.derived.find((one) => one.id === id)?.hex
    expect(toHex(encodeSyncPacket(packet))).toBe(hex)
    expect(decodeSyncPacket(fromHex(hex ?? ''))).toEqual(packet)
  })

  it('sync-reqblocks-trunc: the low 32 bits of a number are written', () => {
    const hex = derived.derived.find(({ id }) => id === 'sync-reqblocks-trunc')?.hex
    const packet: SyncPacket = { type: 'blocksRequest', from: 2 ** 32 + 5, count: 8 }
    expect(toHex(encodeSyncPacket(packet))).toBe(hex)
  })

  it('sync-check-packet: a first byte above 0x7f is no packet', () => {
    interface Check {
      readonly hex: string
    }
    for (const { hex } of factOf<readonly Check[]>(derived, 'sync-check-packet')) {
      // Neither is any of the six packets; the second is at least well-formed.
      expect(() => decodeSyncPacket(fromHex(hex))).toThrow(/type byte/)
    }
  })

  it('sorts the hashes of a status of transactions', () => {
    const hashes = [TWO, ONE]
    const packet = decodeSyncPacket(
      encodeSyncPacket({ type: 'transactionsStatus', blockNumber: 7, hashes }),
    )
    expect(packet).toMatchObject({ hashes: [ONE, TWO] })
  })
})

describe('transactions with their signers', () => {
  const signers = new Uint8Array(128).map((_, i) => i)

  it('have a first byte of their own, and the place in the tree last', () => {
    const packet = { type: 'signedTransactions', list: LIST, signers, startIndex: 2 } as const
    const items = [encodeBytes(LIST), encodeBytes(signers), encodeInteger(2)]
    expect(toHex(encodeSyncPacket(packet))).toBe(`42${toHex(encodeList(items))}`)
    expect(decodeSyncPacket(encodeSyncPacket(packet))).toEqual(packet)
  })

  it('need not have a place in the tree', () => {
    const packet = {
      type: 'signedTransactions',
      list: LIST,
      signers,
      startIndex: undefined,
    } as const
    expect(decodeSyncPacket(encodeSyncPacket(packet))).toEqual(packet)
  })
})

/** In hex: two transactions with so many bytes of signers. */
function signed(bytes: number, list: Uint8Array = LIST): string {
  const signers = new Uint8Array(bytes)
  return toHex(encodeSyncPacket({ type: 'signedTransactions', list, signers, startIndex: 1 }))
}

describe('what is refused', () => {
  const hash = `a0${ONE}`
  const wide = encodeInteger(2n ** 53n)
  const cases: readonly (readonly [string, string])[] = [
    ['no bytes', ''],
    ['a type byte alone', '01'],
    ['an unknown type', '07c0'],
    ['bytes behind the list', '04c2060800'],
    ['no list', '04820608'],
    ['a status without a clock, as nodes before 2.6 send it', `01f84305${hash}${hash}`],
    ['a status with five items', `01f84505${hash}${hash}0102`],
    ['a short hash', '06ceccc0'],
    ['an integer with a leading zero', '04c482000608'],
    ['a request of one item', '04c106'],
    ['a number beyond 2^53', `04${toHex(encodeList([wide, encodeInteger(1)]))}`],
    ['a block that is a list', '03c1c0'],
    ['transactions without a place for signers', `42${toHex(encodeList([encodeBytes(LIST)]))}`],
    ['fewer signers than transactions', signed(127)],
    ['more signers than transactions', signed(192)],
    ['signers of no transactions', signed(64, new Uint8Array(0))],
    ['signers of more transactions than there can be', signed(128, new Uint8Array(4).fill(0xff))],
  ]

  it.each(cases)('%s', (_, hex) => {
    const read = (): unknown => decodeSyncPacket(fromHex(hex))
    expect(read).toThrow(expect.objectContaining({ code: 'SYNC_INVALID_PACKET' }))
  })

  it('more blocks or hashes than a packet may hold', () => {
    const many = Array.from({ length: 1025 }, () => new Uint8Array(1))
    const blocks = encodeSyncPacket({ type: 'blocks', blocks: many })
    expect(() => decodeSyncPacket(blocks)).toThrow('more than 1024 items')
    const hashes = encodeSyncPacket({
      type: 'transactionsRequest',
      hashes: Array(10_001).fill(ONE),
    })
    expect(() => decodeSyncPacket(hashes)).toThrow('more than 10000 items')
  })
})

describe('any packet', () => {
  const number = fc.nat({ max: 2 ** 32 - 1 })
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex)
  const hashes = fc.array(hash, { maxLength: 40 })
  const packets: fc.Arbitrary<SyncPacket> = fc.oneof(
    fc.record({
      type: fc.constant('status' as const),
      status: fc.record({
        number: fc.maxSafeNat(),
        genesisHash: hash,
        latestHash: hash,
        timeMs: fc.maxSafeNat(),
      }),
    }),
    fc.record({
      type: fc.constant('transactions' as const),
      list: fc.uint8Array({ maxLength: 300 }),
      startIndex: fc.option(number, { nil: undefined }),
    }),
    fc
      .record({
        raws: fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 9 }),
        startIndex: fc.option(number, { nil: undefined }),
        seed: fc.nat({ max: 255 }),
      })
      .map(({ raws, startIndex, seed }) => ({
        type: 'signedTransactions' as const,
        list: encodeTransactionList(raws.map((raw) => ({ raw }))),
        signers: new Uint8Array(64 * raws.length).map((_, i) => i * seed),
        startIndex,
      })),
    fc.record({
      type: fc.constant('blocks' as const),
      blocks: fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 20 }),
    }),
    fc.record({ type: fc.constant('blocksRequest' as const), from: number, count: number }),
    fc.record({
      type: fc.constant('transactionsStatus' as const),
      blockNumber: number,
      hashes: hashes.map((all) => all.toSorted()),
    }),
    fc.record({ type: fc.constant('transactionsRequest' as const), hashes }),
    fc.record({ type: fc.constant('proofRequest' as const), hash }),
    fc.record({
      type: fc.constant('proof' as const),
      hash,
      proof: fc.uint8Array({ maxLength: 300 }),
    }),
  )

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(packets, (packet) => {
        expect(decodeSyncPacket(encodeSyncPacket(packet))).toEqual(packet)
      }),
    )
  })

  it('and any bytes are a packet or an error with a code', () => {
    const spoilt = fc.tuple(packets, fc.nat(), fc.nat({ max: 255 })).map(([packet, at, byte]) => {
      const bytes = encodeSyncPacket(packet)
      bytes[at % bytes.length] = byte
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), spoilt), (bytes) => {
        try {
          decodeSyncPacket(bytes)
        } catch (error) {
          expect(isBcosError(error, 'SYNC_INVALID_PACKET')).toBe(true)
        }
      }),
      { numRuns: 5000 },
    )
  })
})

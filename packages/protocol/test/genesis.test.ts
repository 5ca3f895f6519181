import { fromHex, textToBytes, toHex } from '@bcos-ts/common'
import { guomiSuite, standardSuite } from '@bcos-ts/crypto'
import {
  encodeHeader,
  GENESIS_DEFAULTS,
  genesisHash,
  genesisHeader,
  genesisMark,
  type GenesisParameters,
} from '@bcos-ts/protocol'
import { describe, expect, it } from 'vitest'
import { readVectors } from './vectors.ts'

interface GenesisVectors {
  readonly cases: readonly {
    readonly supportedVersion: string
    readonly suite: 'std' | 'sm'
    readonly genesisMark: string
    readonly timestamp: string
    readonly headerRlp: string
    readonly hash: string
  }[]
}

const ID = 'ab'.repeat(64)

const genesis = (over: Partial<GenesisParameters> = {}): GenesisParameters => ({
  ...GENESIS_DEFAULTS,
  groupId: 1,
  sealers: [ID],
  epochSealerCount: 1,
  ...over,
})

describe('genesis of a real node', () => {
  const { cases } = readVectors<GenesisVectors>('genesis.json')
  const ofToday = cases.filter(({ supportedVersion }) => supportedVersion.startsWith('2.9'))
  it.each(ofToday.map((one) => [`${one.supportedVersion} ${one.suite}`, one] as const))(
    '%s',
    (_, one) => {
      const [groupId, sealer = '', type, , flags] = one.genesisMark.split('-')
      const parameters = genesis({
        groupId: Number(groupId),
        sealers: [sealer.replace(',', '')],
        timestamp: BigInt(one.timestamp),
        isFreeStorage: flags !== '0',
      })
      expect(type).toBe('pbft')
      expect(genesisMark(parameters)).toBe(one.genesisMark)
      const header = encodeHeader(genesisHeader(parameters))
      expect(toHex(header)).toBe(one.headerRlp.replace('0x', ''))
      const suite = one.suite === 'std' ? standardSuite : guomiSuite
      expect(toHex(genesisHash(parameters, suite))).toBe(one.hash.replace('0x', ''))
    },
  )
})

describe('genesis mark', () => {
  it('sorts the sealers, and names the epoch only for rPBFT', () => {
    const mark = genesisMark(
      genesis({
        sealers: ['ff'.repeat(64), '01'.repeat(64)],
        consensusType: 'rpbft',
        epochSealerCount: 2,
        epochBlockCount: 50,
        isFreeStorage: true,
      }),
    )
    expect(mark).toBe(
      `1-${'01'.repeat(64)},${'ff'.repeat(64)},-rpbft-storage-9223372036854775808-1000-300000000-2-50-3`,
    )
  })

  it('stands in the header as its only extra data', () => {
    const header = genesisHeader(genesis())
    expect(header.extraData).toEqual([textToBytes(genesisMark(genesis()))])
  })

  it.each([
    ['no sealer', { sealers: [] }],
    ['a sealer twice', { sealers: [ID, ID] }],
    ['a sealer of another form', { sealers: [ID.toUpperCase()] }],
    ['group 0', { groupId: 0 }],
    ['a group beyond 32767', { groupId: 32_768 }],
    ['a time before 1970', { timestamp: -1n }],
  ])('is refused with %s', (_, over) => {
    expect(() => genesisHeader(genesis(over))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_INVALID_GENESIS' }),
    )
  })

  it('makes another chain of every changed parameter', () => {
    const changes: Partial<GenesisParameters>[] = [
      {},
      { groupId: 2 },
      { timestamp: 1n },
      { txCountLimit: 1 },
      { txGasLimit: 100_000 },
      { consensusTimeout: 4 },
      { isFreeStorage: true },
    ]
    const hashes = changes.map((over) => toHex(genesisHash(genesis(over), standardSuite)))
    expect(new Set(hashes).size).toBe(changes.length)
    expect(fromHex(hashes[0]!)).toHaveLength(32)
  })
})

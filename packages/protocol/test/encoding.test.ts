import { bigIntToMinimalBytes, fromHex, isBcosError, to0x, toHex } from '@bcos-ts/common'
import { guomiSuite, standardSuite } from '@bcos-ts/crypto'
import {
  decodeBlock,
  decodeHeader,
  decodeList,
  decodeTransaction,
  encodeBlock,
  encodeHeader,
  hashHeader,
  logBloom,
  merkleProof,
  merkleRoot,
  verifyMerkleProof,
} from '@bcos-ts/protocol'
import { selectorOf } from '@bcos-ts/protocol/abi'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EncodingVectors, readVectors } from './vectors.ts'

const vectors = readVectors<EncodingVectors>('encoding.json')
const suites = { std: standardSuite, sm: guomiSuite }

describe('transactions of real clients', () => {
  const ofToday = vectors.transactions.filter(({ format }) => format === 'V>=2')
  it.each(ofToday.map((one) => [one.origin, one] as const))('%s', (_, one) => {
    const suite = suites[one.suite]
    const transaction = decodeTransaction(fromHex(one.raw), suite)
    expect(toHex(transaction.hash)).toBe(one.hash)
    expect(toHex(transaction.signingHash)).toBe(one.unsignedHash)
    expect(transaction.sender(suite)).toBe(one.sender)
    expect(transaction.to ?? '').toBe(one.fields['to'])
    for (const field of ['nonce', 'gas', 'blockLimit', 'chainId', 'groupId'] as const) {
      expect(toHex(bigIntToMinimalBytes(transaction[field]))).toBe(one.fields[field])
    }
  })

  it('keeps its hash when it has items behind the signature, and changes it with any signed byte', () => {
    const one = ofToday.find(({ suite }) => suite === 'std')
    const raw = fromHex(one!.raw)
    for (const place of [5, 40, raw.length - 1]) {
      const changed = raw.slice()
      changed[place] = (changed[place] ?? 0) ^ 1
      let hash = ''
      try {
        hash = toHex(decodeTransaction(changed, standardSuite).hash)
      } catch (error) {
        expect(isBcosError(error)).toBe(true)
      }
      expect(hash).not.toBe(one!.hash)
    }
  })

  it('answers any bytes with a transaction or a typed error', () => {
    const raw = fromHex(ofToday[0]!.raw)
    const mutated = fc
      .tuple(fc.nat(raw.length - 1), fc.nat(255), fc.nat(raw.length))
      .map(([place, byte, length]) => {
        const bytes = raw.slice(0, length)
        if (place < length) bytes[place] = byte
        return bytes
      })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (bytes) => {
        try {
          decodeTransaction(bytes, standardSuite)
        } catch (error) {
          expect(isBcosError(error, 'PROTOCOL_INVALID_TRANSACTION')).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('headers and blocks of a real node', () => {
  it.each(vectors.headers.map((one) => [one.hash, one] as const))('header %s', (hash, one) => {
    const header = decodeHeader(decodeList(fromHex(one.rlp)))
    expect(toHex(encodeHeader(header))).toBe(one.rlp)
    expect(toHex(hashHeader(header, suites[one.suite]))).toBe(hash.replace('0x', ''))
  })

  const ofToday = vectors.blocks.filter(({ supportedVersion }) => supportedVersion === '2.9.0')
  it.each(ofToday.map((one) => [`${one.suite} ${one.number}`, one] as const))(
    'block %s comes back byte for byte',
    (_, one) => {
      const suite = suites[one.suite]
      const { block, hash } = decodeBlock(fromHex(one.blockRlp), suite)
      expect(to0x(hash)).toBe(`0x${one.hash.replace('0x', '')}`)
      expect(to0x(encodeBlock(block, suite))).toBe(`0x${one.blockRlp.replace('0x', '')}`)
    },
  )

  it('refuses a block that carries the hash of another header', () => {
    const bytes = fromHex(ofToday[1]!.blockRlp)
    const { hash } = decodeBlock(bytes, standardSuite)
    const at = toHex(bytes).indexOf(toHex(hash)) / 2
    bytes[at] = (bytes[at] ?? 0) ^ 1
    expect(() => decodeBlock(bytes, standardSuite)).toThrow(/header hash/)
  })
})

describe('hash tree', () => {
  const items = (count: number, suite: typeof standardSuite) =>
    Array.from({ length: count }, (_, i) => suite.hash(bigIntToMinimalBytes(BigInt(i + 1))))

  it.each(vectors.merkle.map((one) => [one.count, one] as const))(
    'root of %i leaves',
    (count, one) => {
      const hashes = items(count, standardSuite)
      expect(toHex(merkleRoot(hashes, standardSuite))).toBe(one.rootKeccak)
      expect(toHex(merkleRoot(hashes, guomiSuite))).toBe(one.rootSm3)
    },
  )

  it.each(vectors.merkleProofs.map((one) => [one.kind, one] as const))(
    'verifies a %s proof of a real node',
    (_, one) => {
      const proof = one.proof.map(({ left, right }) => ({
        left: left.map(fromHex),
        right: right.map(fromHex),
      }))
      const claim = { index: one.index, hash: fromHex(one.hash), proof, root: fromHex(one.root) }
      expect(verifyMerkleProof(claim, suites[one.suite])).toBe(true)
      expect(verifyMerkleProof({ ...claim, index: one.index + 1 }, suites[one.suite])).toBe(false)
    },
  )

  it('proves every leaf of trees of every size up to three levels', () => {
    for (const count of [1, 2, 15, 16, 17, 100, 257]) {
      const hashes = items(count, standardSuite)
      const root = merkleRoot(hashes, standardSuite)
      for (const index of [0, Math.floor(count / 2), count - 1]) {
        const proof = merkleProof(hashes, index, standardSuite)
        const claim = { index, hash: hashes[index]!, proof, root }
        expect(verifyMerkleProof(claim, standardSuite)).toBe(true)
      }
    }
  })
})

describe('log bloom', () => {
  it.each(vectors.bloom.map((one) => [one.address, one] as const))(
    'of a log of %s',
    (address, one) => {
      const log = { address, topics: one.topics.map(fromHex), data: new Uint8Array(3) }
      expect(toHex(logBloom([log], standardSuite))).toBe(one.bloomKeccak)
      expect(toHex(logBloom([log], guomiSuite))).toBe(one.bloomSm3)
    },
  )
})

describe('selectors', () => {
  it.each(vectors.selectors.map((one) => [one.signature, one] as const))('%s', (signature, one) => {
    expect(toHex(selectorOf(signature, standardSuite))).toBe(one.std)
    expect(toHex(selectorOf(signature, guomiSuite))).toBe(one.sm)
  })
})

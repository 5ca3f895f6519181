import { readFileSync } from 'node:fs'
import { fromHex, isBcosError, toHex } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeBody,
  decodeEnvelope,
  decodeLockProof,
  decodePrepare,
  decodeTransactionsAnswer,
  decodeTransactionsRequest,
  encodeBody,
  encodeEnvelope,
  encodeLockProof,
  encodePrepare,
  encodeSignedFields,
  encodeTransactionsAnswer,
  encodeTransactionsRequest,
} from './codec.ts'
import type { Envelope, SignedBody } from './messages.ts'
import { PacketId } from './messages.ts'
import { decodeProposal, encodeHashedProposal } from './proposal.ts'

interface Recorded {
  readonly sealers: readonly string[]
  readonly cases: readonly { name: string; packetType: number; hex: string }[]
}

interface DerivedInput {
  readonly height: number
  readonly view: number
  readonly idx: number
  readonly timestamp: number
  readonly block_hash: string
  readonly private_key: string
  readonly block: string
  readonly packet_id: number
  readonly ttl: number
  readonly forwardNodes?: readonly string[]
  readonly number: number
  readonly missed: readonly (readonly [string, number])[]
  readonly txs: readonly string[]
}

interface Derived {
  readonly cases: readonly {
    readonly id: string
    readonly input: DerivedInput
    readonly expected_hex: string
    readonly keccak256?: string
  }[]
}

const text = (name: string) =>
  readFileSync(new URL(`../../vectors/${name}`, import.meta.url), 'utf8')

const recorded: Recorded = JSON.parse(text('pbft-packets.json'))
const derived: Derived = JSON.parse(text('pbft-derived.json'))

function derivedCase(id: string) {
  const found = derived.cases.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no vector ${id}`)
  return found
}

describe('packets recorded between nodes of the reference', () => {
  it.each(recorded.cases)('$name: read and written back byte for byte', ({ hex }) => {
    const envelope = decodeEnvelope(fromHex(hex))
    expect(toHex(encodeEnvelope(envelope))).toBe(hex)
    const data =
      envelope.packetId === PacketId.prepare
        ? encodePrepare(decodePrepare(envelope.data))
        : encodeBody(decodeBody(envelope.data))
    expect(data).toEqual(envelope.data)
  })

  it.each(recorded.cases)('$name: both signatures are the sealer’s', ({ hex }) => {
    const body = decodeBody(decodeEnvelope(fromHex(hex)).data)
    const key = fromHex(recorded.sealers[body.index] ?? '')
    const fields = standardSuite.hash(encodeSignedFields(body))
    expect(standardSuite.verify(body.signature, fromHex(body.hash), key)).toBe(true)
    expect(standardSuite.verify(body.signature2, fields, key)).toBe(true)
  })

  it.each(recorded.cases.filter((one) => one.name.startsWith('prepare')))(
    '$name: the proposal inside is whole and comes back byte for byte',
    ({ hex }) => {
      const envelope = decodeEnvelope(fromHex(hex))
      const { block, hash } = decodePrepare(envelope.data)
      const proposal = decodeProposal(block, { hash, txCountLimit: 1000 }, standardSuite)
      expect(envelope.isEmptyBlock).toBe(proposal.transactionHashes.length === 0)
      expect(proposal.header.sealerList).toEqual(recorded.sealers)
      expect(encodeHashedProposal(proposal)).toEqual(block)
    },
  )
})

describe('derived vectors', () => {
  it('hashes the fields of the second signature without a list header', () => {
    const { input, expected_hex, keccak256 } = derivedCase('pbft-sig2-preimage')
    const fields = encodeSignedFields({
      ...input,
      index: input.idx,
      timestamp: BigInt(input.timestamp),
    })
    expect(toHex(fields)).toBe(expected_hex)
    expect(toHex(standardSuite.hash(fields))).toBe(keccak256)
  })

  it.each(['pbft-signreq-data', 'pbft-zero-fields', 'pbft-prepare-data'])('signs %s', (id) => {
    const { input, expected_hex } = derivedCase(id)
    const keys = standardSuite.keyPair(fromHex(input.private_key))
    const head = { ...input, index: input.idx, timestamp: BigInt(input.timestamp) }
    const body: SignedBody = {
      height: head.height,
      view: head.view,
      index: head.index,
      timestamp: head.timestamp,
      hash: input.block_hash,
      signature: standardSuite.sign(fromHex(input.block_hash), keys),
      signature2: standardSuite.sign(standardSuite.hash(encodeSignedFields(head)), keys),
    }
    const bytes =
      id === 'pbft-prepare-data'
        ? encodePrepare({ ...body, block: fromHex(input.block) })
        : encodeBody(body)
    expect(toHex(bytes)).toBe(expected_hex)
  })

  it.each(['pbft-packet-sign-plain', 'pbft-packet-sign-opt', 'pbft-packet-sign-opt-fwd'])(
    'wraps %s',
    (id) => {
      const { input, expected_hex } = derivedCase(id)
      const envelope: Envelope = {
        packetId: input.packet_id,
        ttl: input.ttl,
        isEmptyBlock: false,
        data: fromHex(derivedCase('pbft-signreq-data').expected_hex),
        forward: input.forwardNodes,
      }
      expect(toHex(encodeEnvelope(envelope))).toBe(expected_hex)
      expect(decodeEnvelope(fromHex(expected_hex))).toEqual(envelope)
    },
  )

  it('asks for missing transactions and answers', () => {
    const request = derivedCase('pbft-getmissedtxs')
    const wanted = {
      height: request.input.number,
      hash: request.input.block_hash,
      missing: request.input.missed.map(([hash, position]) => ({ hash, position })),
    }
    expect(toHex(encodeTransactionsRequest(wanted))).toBe(request.expected_hex)
    expect(decodeTransactionsRequest(fromHex(request.expected_hex))).toEqual(wanted)
    const answer = derivedCase('pbft-missedtxs')
    const given = {
      height: answer.input.number,
      hash: answer.input.block_hash,
      transactions: answer.input.txs.map(fromHex),
    }
    expect(toHex(encodeTransactionsAnswer(given))).toBe(answer.expected_hex)
    expect(decodeTransactionsAnswer(fromHex(answer.expected_hex))).toEqual(given)
  })
})

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const hash = bytes(32).map(toHex)
const number = fc.integer({ min: 0, max: 0xffff_ffff })
const body: fc.Arbitrary<SignedBody> = fc.record({
  height: number,
  view: number,
  index: fc.integer({ min: 0, max: 65_534 }),
  timestamp: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  hash,
  signature: bytes(65),
  signature2: bytes(65),
})

describe('any packet', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(body, fc.uint8Array(), fc.array(bytes(64)), (one, data, forward) => {
        expect(decodeBody(encodeBody(one))).toEqual(one)
        expect(decodePrepare(encodePrepare({ ...one, block: data }))).toEqual({
          ...one,
          block: data,
        })
        const envelope = {
          packetId: one.index % 4,
          ttl: one.view % 128,
          isEmptyBlock: one.height % 2 === 0,
          data,
          forward: forward.map(toHex),
        }
        expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual(envelope)
      }),
    )
  })

  it('a lock proof comes back as it was written', () => {
    fc.assert(
      fc.property(body, fc.array(body, { maxLength: 4 }), fc.uint8Array(), (one, votes, block) => {
        const { height, view, hash: executedHash } = one
        const signs = votes.map((vote) => ({ ...vote, height, view, hash: executedHash }))
        const proof = { height, view, executedHash, block, signs }
        expect(decodeLockProof(encodeLockProof(proof))).toEqual(proof)
      }),
    )
  })

  it('writes the low 32 bits of height and view, as the reference does', () => {
    const written = encodeSignedFields({ height: 2 ** 32 + 5, view: 7, index: 0, timestamp: 1n })
    expect(toHex(written)).toBe('05078001')
  })

  const decoders = {
    decodeEnvelope,
    decodeBody,
    decodePrepare,
    decodeTransactionsRequest,
    decodeTransactionsAnswer,
    decodeLockProof,
    decodeProposal: (raw: Uint8Array) =>
      decodeProposal(raw, { hash: '00'.repeat(32), txCountLimit: 1000 }, standardSuite),
  }

  it.each(Object.entries(decoders))('%s of any bytes is a value or a typed error', (_, decode) => {
    const samples = [...recorded.cases, ...derived.cases].map((one) =>
      fromHex('hex' in one ? one.hex : one.expected_hex),
    )
    const damaged = fc
      .tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(255))
      .map(([sample, at, value]) => {
        const copy = sample.slice()
        copy[at % copy.length] = value
        return copy
      })
    const isTotal = (input: Uint8Array): boolean => {
      try {
        decode(input)
        return true
      } catch (error) {
        return isBcosError(error, 'CONSENSUS_INVALID_PACKET')
      }
    }
    const input = fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged)
    expect(fc.check(fc.property(input, isTotal)).failed).toBe(false)
  })
})

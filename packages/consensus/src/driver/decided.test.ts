import { toHex } from '@bcos-ts/common'
import type { HashText, NodeId } from '@bcos-ts/protocol'
import { createSimulatedSuite } from '@bcos-ts/testing/simulator'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { committeeOf } from '../committee.ts'
import { voteBond } from '../pbft/bond.ts'
import { commitProofOf, encodeCommitProof } from '../pbft/commit-proof.ts'
import type { VoteKind } from '../pbft/messages.ts'
import { type Decision, decisionOn } from './decided.ts'
import { Signer } from './signatures.ts'

const suite = createSimulatedSuite()
const HEIGHT = 12
const hashOf = (name: string): Uint8Array => suite.hash(new TextEncoder().encode(name))
const hash = hashOf('this')
const other = hashOf('another')

function groupOf(size: number) {
  const identities = Array.from({ length: size }, (_, index) => {
    const keys = suite.keyPair(new Uint8Array(32).fill(index + 1))
    return { keys, nodeId: toHex(keys.publicKey) }
  }).toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
  const sealers = identities.map(({ nodeId }) => nodeId)
  return { identities, sealers, committee: committeeOf({ sealers, workingSealers: sealers }, '') }
}

const { identities, sealers, committee } = groupOf(7)
const terms = { committee, suite }
const NOBODY: ReadonlyMap<NodeId, HashText> = new Map()

const keysOf = (index: number) => {
  const identity = identities[index]
  if (identity === undefined) throw new RangeError('no such sealer')
  return identity.keys
}
const decide = (evidence: Partial<Parameters<typeof decisionOn>[1]>): Decision =>
  decisionOn({ number: HEIGHT, hash }, { claims: NOBODY, ...evidence }, terms)
const claimed = (...claims: readonly (readonly [index: number, hash: Uint8Array])[]) => ({
  claims: new Map(claims.map(([index, said]) => [sealers[index] ?? '', toHex(said)])),
})

describe('whether a signed block was committed: seven sealers, of whom two may lie', () => {
  it('is open when nobody says so, and when those who do may all be liars', () => {
    expect(decide({})).toBe('open')
    expect(decide(claimed([0, hash], [4, hash]))).toBe('open')
    expect(decide(claimed([0, hash], [4, hash], [1, other], [2, other]))).toBe('open')
  })

  it('is known by what three sealers have', () => {
    expect(decide(claimed([0, hash], [4, hash], [6, hash]))).toBe('this')
    expect(decide(claimed([0, hash], [1, other], [2, other], [3, other]))).toBe('another')
  })

  it('is not known by those who do not seal', () => {
    const strangers = ['aa', 'bb', 'cc', 'dd'].map((id) => [id.repeat(64), toHex(hash)] as const)
    expect(decide({ claims: new Map(strangers) })).toBe('open')
  })

  it('is taken for granted where nobody may lie', () => {
    const small = { committee: groupOf(3).committee, suite }
    expect(decisionOn({ number: HEIGHT, hash }, { claims: NOBODY }, small)).toBe('this')
  })
})

describe('a block that follows', () => {
  const nextHash = hashOf('next')
  const next = (parentHash: Uint8Array, ...signers: readonly number[]) => ({
    next: {
      number: HEIGHT + 1,
      parentHash,
      hash: nextHash,
      signatures: signers.map((index) => ({
        index,
        signature: suite.sign(nextHash, keysOf(index)),
      })),
    },
  })

  it('tells by the signatures of three sealers which block stands before it', () => {
    expect(decide(next(hash, 1, 2, 5))).toBe('this')
    expect(decide(next(other, 1, 2, 5))).toBe('another')
  })

  it('tells nothing by fewer, by doubled or foreign ones, or when it follows elsewhere', () => {
    expect(decide(next(hash, 1, 2))).toBe('open')
    expect(decide(next(hash, 1, 1, 1, 2))).toBe('open')
    const { next: good } = next(hash, 1, 2, 5)
    const moved = good.signatures.map(({ signature }, i) => ({ index: i + 1, signature }))
    expect(decide({ next: { ...good, signatures: moved } })).toBe('open')
    expect(decide({ next: { ...good, number: HEIGHT + 2 } })).toBe('open')
  })
})

interface Said {
  readonly view: number
  readonly height: number
  readonly hash: Uint8Array
  readonly kind: VoteKind
  readonly isVoteBound: boolean
}

describe('a proof of a commit', () => {
  const proposalHash = toHex(hashOf('proposal'))

  function vote(index: number, said: Partial<Said> = {}) {
    const { kind = 'commit', view = 3, height = HEIGHT, isVoteBound = true } = said
    const executed = toHex(said.hash ?? hash)
    const clock = { nowMs: () => 1_600_000_000_000 }
    const bond = voteBond(kind, { proposal: proposalHash, executed }, suite)
    const signer = new Signer({ suite, keys: keysOf(index), clock, isVoteBound })
    const body = signer.sign({ height, view, index, hash: executed, bond })
    return { ...body, bond: isVoteBound ? bond : undefined }
  }
  const quorum = [0, 1, 2, 4, 6]
  const proofBy = (votes: readonly ReturnType<typeof vote>[]): Uint8Array =>
    encodeCommitProof({ proposalHash, commits: votes })
  const judged = (votes: readonly ReturnType<typeof vote>[]): Decision =>
    decide({ proof: proofBy(votes) })

  it('is a quorum of bound commits', () => {
    const votes = quorum.map((index) => vote(index))
    const made = commitProofOf(proposalHash, votes, committee.quorum)
    expect(made).toBeDefined()
    expect(decide({ proof: made && encodeCommitProof(made) })).toBe('this')
  })

  it('cannot be made where too many commits are those of the reference', () => {
    const votes = quorum.map((index) => vote(index, { isVoteBound: index !== 4 }))
    expect(commitProofOf(proposalHash, votes, committee.quorum)).toBeUndefined()
    expect(judged(votes)).toBe('open')
  })

  it('is none with one too few, a doubled one, a sign, or one of another view, height or block', () => {
    const votes = quorum.map((index) => vote(index))
    const rest = votes.slice(1)
    expect(judged(rest)).toBe('open')
    const [second = vote(1)] = rest
    const instead = [
      second,
      vote(0, { kind: 'sign' }),
      vote(0, { view: 4 }),
      vote(0, { height: HEIGHT + 1 }),
      vote(0, { hash: other }),
      { ...vote(0), index: 3 },
      { ...vote(0), signature2: vote(3).signature2 },
    ]
    expect(instead.map((one) => judged([...rest, one]))).toEqual(instead.map(() => 'open'))
    expect(judged([...rest, vote(0)])).toBe('this')
  })

  it('is never found in other bytes', () => {
    const good = proofBy(quorum.map((index) => vote(index)))
    const bent = fc
      .tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }))
      .map(([at, change]) => good.map((byte, i) => (i === at ? byte ^ change : byte)))
    const property = fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), bent), (bytes) => {
      // The first signature of a commit is the block's, and proves nothing here.
      const decision = decide({ proof: bytes })
      if (decision === 'this') expect(bytes).toHaveLength(good.length)
      else expect(decision).toBe('open')
    })
    fc.assert(property, { numRuns: 300 })
  })
})

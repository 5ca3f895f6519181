/**
 * What the symbolic group talks about: four sealers, proposals that are names, votes that are short texts.
 * @module
 */
import { type Committee, committeeOf } from '../../src/committee.ts'
import type { VoteKind } from '../../src/pbft/messages.ts'
import type { CompleteProposal } from '../../src/pbft/proposal.ts'
import type { Execution, Head, Lock, PbftEvent, Vote } from '../../src/pbft/state.ts'
import { headerOf } from '../header.ts'

export const SIZE = 4
export const QUORUM = 3
const SEALERS: readonly string[] = ['0', '1', '2', '3'].map((digit) => digit.repeat(128))

export function committeeFor(self: number): Committee {
  return committeeOf({ sealers: SEALERS, workingSealers: SEALERS }, SEALERS[self] ?? '')
}

/** Who leads a view of a height. */
export const leaderAt = (height: number, view: number): number => (view + height - 1 + SIZE) % SIZE

/** Whoever decided what is looked at by what was said: the hash of a block is that of its height. */
export function headAt(number: number): Head {
  return { number, hash: number.toString(16).padStart(64, '0') }
}

const proposals = new Map<string, CompleteProposal>()

/** A proposal for a height by its name. The same name is the same object. */
export function proposalOf(height: number, name: string): CompleteProposal {
  const key = `${height} ${name}`
  const known = proposals.get(key)
  if (known !== undefined) return known
  const header = headerOf(height, SEALERS)
  const block = { header, transactions: [], receipts: [], signatures: [] }
  const made = { hash: name, header, transactionHashes: ['tx'], block }
  proposals.set(key, made)
  return made
}

/** What execution makes of a proposal: everywhere the same. */
const executed = (name: string): string => `${name}*`
export const nameOf = (hash: string): string => hash.replace('*', '')
const bondFor = (kind: VoteKind, name: string): string => `${kind} ${name}`

/** Place and meaning of a vote or a prepare. */
export interface Said {
  readonly height: number
  readonly view: number
  readonly name: string
}

function voteOf(kind: VoteKind, index: number, { height, view, name }: Said): Vote {
  return {
    height,
    view,
    index,
    timestamp: 0n,
    hash: executed(name),
    signature: Uint8Array.of(index),
    signature2: Uint8Array.of(index),
    bond: bondFor(kind, name),
  }
}

export function executionOf(index: number, said: Said): Execution {
  const { name } = said
  return {
    hash: executed(name),
    sign: voteOf('sign', index, said),
    bonds: { sign: bondFor('sign', name), commit: bondFor('commit', name) },
  }
}

export function lockOf({ height, view, name }: Said, signers: readonly number[]): Lock {
  return {
    view,
    proposal: proposalOf(height, name),
    executedHash: executed(name),
    signs: signers.map((index) => voteOf('sign', index, { height, view, name })),
    isProvable: true,
  }
}

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never
/** What happens to a sealer, at no time in particular. */
export type Untimed = DistributiveOmit<PbftEvent, 'nowMs'>

export function prepareEvent(index: number, { height, view, name }: Said): Untimed {
  const signer = SEALERS[index] ?? ''
  const prepare = { height, view, index, signer, proposal: proposalOf(height, name) }
  return { type: 'prepare', prepare, deferUpTo: -1 }
}

export function voteEvent(kind: VoteKind, index: number, said: Said): Untimed {
  return { type: 'vote', kind, vote: voteOf(kind, index, said), deferUpTo: -1 }
}

/** Asks for a view above the block `height`. */
export function requestEvent(index: number, height: number, view: number): Untimed {
  const { hash } = headAt(height)
  return { type: 'viewChange', index, change: { height, view, hash }, from: index }
}

export function headEvent(index: number, height: number): Untimed {
  const committee = committeeFor(index)
  return { type: 'head', head: headAt(height), committee, consensusTimeoutMs: 3000 }
}

/** A vote on the network, without its sender: `S 1 0 a` is a sign for `a` in view 0 of height 1, `C` a commit. */
export type Message = string
export type MessageKind = 'S' | 'C'

export const messageOf = (kind: MessageKind, { height, view, name }: Said): Message =>
  `${kind} ${height} ${view} ${name}`

export interface ParsedMessage extends Said {
  readonly kind: MessageKind
}

const parsed = new Map<Message, ParsedMessage>()

export function parse(message: Message): ParsedMessage {
  const known = parsed.get(message)
  if (known !== undefined) return known
  const [kind, height, view, name = ''] = message.split(' ')
  const made = {
    kind: kind === 'C' ? 'C' : 'S',
    height: Number(height),
    view: Number(view),
    name,
  } as const
  parsed.set(message, made)
  return made
}

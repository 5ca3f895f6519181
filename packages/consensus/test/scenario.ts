/**
 * Scenarios as texts: one event a line, remarks with `#`, and what the step wants done below it.
 * @module
 */
import type { NodeId } from '@bcos-ts/protocol'
import { committeeOf } from '../src/committee.ts'
import { assertStep } from '../src/pbft/invariants.ts'
import type { VoteKind } from '../src/pbft/messages.ts'
import type { CompleteProposal } from '../src/pbft/proposal.ts'
import type {
  DurableVotes,
  PbftEffect,
  PbftEvent,
  PbftState,
  Prepare,
  Transition,
  Vote,
} from '../src/pbft/state.ts'
import { startPbft, step } from '../src/pbft/step.ts'
import { headerOf } from './header.ts'

/** The block that everybody has committed: with four sealers, node `v` leads view `v`. */
const HEAD = 4
const SEALERS: readonly NodeId[] = ['0', '1', '2', '3'].map((digit) => digit.repeat(128))
const COMMITTEE_OF = (self: number) =>
  committeeOf({ sealers: SEALERS, workingSealers: SEALERS }, SEALERS[self] ?? '')

const bondOfName = (kind: VoteKind, name: string): string => `${kind}-${name}`

/** Hash of a proposal by its letter, and of what execution makes of it. */
const rawHash = (name: string): string => name.toLowerCase().repeat(64)
const executedHash = (name: string): string => `${name.toLowerCase()}e`.repeat(32)
const blockHash = (number: number): string => number.toString(16).padStart(64, '0')
const nameOf = (hash: string): string => (hash.at(0) ?? '?').toUpperCase()

export function proposalNamed(name: string, height: number = HEAD + 1): CompleteProposal {
  const header = headerOf(height, SEALERS)
  const isEmpty = name === 'empty'
  return {
    hash: rawHash(isEmpty ? '0' : name),
    header,
    transactionHashes: isEmpty ? [] : [rawHash('f')],
    block: { header, transactions: [], receipts: [], signatures: [] },
  }
}

export interface VoteOf {
  readonly kind: VoteKind
  readonly name: string
  readonly index: number
  readonly view: number
  readonly isBound: boolean
}

export function voteOf({ kind, name, index, view, isBound }: VoteOf): Vote {
  return {
    height: HEAD + 1,
    view,
    index,
    timestamp: 0n,
    hash: executedHash(name),
    signature: Uint8Array.of(index),
    signature2: Uint8Array.of(index),
    bond: isBound ? bondOfName(kind, name) : undefined,
  }
}

export function firstState(self: number, restored?: DurableVotes): Transition {
  return startPbft({
    committee: COMMITTEE_OF(self),
    head: { number: HEAD, hash: blockHash(HEAD) },
    consensusTimeoutMs: 3000,
    nowMs: 0,
    restored,
  })
}

/** Plays a script and writes down what follows from each line. */
export class Scenario {
  readonly #self: number
  readonly #isBound: boolean
  #state: PbftState
  #nowMs = 0
  #persisted: DurableVotes | undefined

  constructor(self: number, isBound: boolean) {
    this.#self = self
    this.#isBound = isBound
    this.#state = firstState(self).state
  }

  play(script: string): string {
    const transcript: string[] = []
    for (const line of script.split('\n')) {
      transcript.push(line)
      if (line === '' || line.startsWith('#')) continue
      transcript.push(...this.#playLine(line.split(' ')))
    }
    return transcript.join('\n')
  }

  #playLine(words: readonly string[]): string[] {
    if (words[0] === 'at') {
      this.#nowMs = Number(words[1])
      return []
    }
    const before = this.#state
    const transition = words[0] === 'restart' ? this.#restart() : step(before, this.#eventOf(words))
    if (words[0] !== 'restart') assertStep(before, transition)
    this.#state = transition.state
    const lines = transition.effects.map((effect) => `  => ${this.#describe(effect)}`)
    const { view } = transition.state
    if (view !== before.view) lines.push(`  -- in view ${view}`)
    return lines
  }

  #restart(): Transition {
    const first = startPbft({
      committee: this.#state.committee,
      head: this.#state.head,
      consensusTimeoutMs: 3000,
      nowMs: this.#nowMs,
      restored: this.#persisted,
    })
    return first
  }

  /** `verb name … key value …`, see the scripts. */
  #eventOf(words: readonly string[]): PbftEvent {
    const nowMs = this.#nowMs
    const [verb = '', name = ''] = words
    const numberAfter = (key: string, fallback: number): number => {
      const at = words.indexOf(key)
      return at < 0 ? fallback : Number(words[at + 1])
    }
    const view = numberAfter('view', this.#state.view)
    const from = numberAfter('from', 0)
    switch (verb) {
      case 'prepare':
        return {
          type: 'prepare',
          prepare: this.#prepare(words, { view, from }),
          nowMs,
          deferUpTo: -1,
        }
      case 'sign':
      case 'commit': {
        const isBound = this.#isBound && !words.includes('unbound')
        const vote = voteOf({ kind: verb, name, index: from, view, isBound })
        return { type: 'vote', kind: verb, vote, nowMs, deferUpTo: -1 }
      }
      case 'view-change': {
        const change = { height: HEAD, view: Number(name), hash: blockHash(HEAD) }
        const via = numberAfter('via', from)
        return { type: 'viewChange', index: from, change, from: via, nowMs }
      }
      case 'executed':
        return this.#executed(name, words.includes('badly'))
      case 'filled':
        return { type: 'filled', proposal: proposalNamed(name), nowMs }
      case 'seal':
        return { type: 'proposed', view, proposal: proposalNamed(name), nowMs }
      case 'lock-proof':
        return this.#lockProof(name, { view, from })
      case 'block': {
        const number = Number(name)
        const head = { number, hash: blockHash(number) }
        const { committee } = this.#state
        return { type: 'head', head, committee, consensusTimeoutMs: 3000, nowMs }
      }
      case 'peers':
        return { type: 'peers', connected: words.slice(1).map(Number), nowMs }
      case 'timer':
        return { type: 'timer', nowMs }
      default:
        throw new Error(`no such event: ${words.join(' ')}`)
    }
  }

  #prepare(
    words: readonly string[],
    { view, from }: { readonly view: number; readonly from: number },
  ): Prepare {
    const proposal = proposalNamed(words[1] ?? '')
    const isPartial = words.includes('hashes')
    return {
      height: HEAD + 1,
      view,
      index: from,
      signer: SEALERS[from] ?? '',
      proposal: isPartial ? { ...proposal, block: undefined } : proposal,
    }
  }

  #executed(name: string, isBad: boolean): PbftEvent {
    const { view } = this.#state
    const vote = { kind: 'sign', name, index: this.#self, view, isBound: this.#isBound } as const
    const execution = {
      hash: executedHash(name),
      sign: voteOf(vote),
      bonds: { sign: bondOfName('sign', name), commit: bondOfName('commit', name) },
    }
    return {
      type: 'executed',
      proposalHash: rawHash(name),
      view,
      execution: isBad ? undefined : execution,
      nowMs: this.#nowMs,
    }
  }

  #lockProof(
    name: string,
    { view, from }: { readonly view: number; readonly from: number },
  ): PbftEvent {
    const signs = [0, 2, 3].map((index) =>
      voteOf({ kind: 'sign', name, index, view, isBound: true }),
    )
    const lock = {
      view,
      proposal: proposalNamed(name),
      executedHash: executedHash(name),
      signs,
      isProvable: true,
    }
    return { type: 'lockProof', lock, from, nowMs: this.#nowMs }
  }

  #describe(effect: PbftEffect): string {
    if (effect.type === 'persist') this.#persisted = effect.votes
    return describeEffect(effect)
  }
}

type Describe = {
  readonly [T in PbftEffect['type']]: (effect: Extract<PbftEffect, { readonly type: T }>) => string
}

const toText = (to: number | undefined): string => (to === undefined ? '' : ` to ${to}`)
const againText = (isAgain: boolean): string => (isAgain ? ' again' : '')

const DESCRIPTIONS: Describe = {
  propose: ({ proposal, isAgain, view, to }) => {
    const name = proposal.transactionHashes.length === 0 ? 'nothing' : nameOf(proposal.hash)
    return `propose ${name}${isAgain ? ' again' : ''} in view ${view}${toText(to)}`
  },
  execute: ({ proposal }) => `execute ${nameOf(proposal.hash)}`,
  requestTransactions: ({ to, hash }) => `ask ${to} for transactions of ${nameOf(hash)}`,
  persist: ({ votes: { signed, view, lock } }) => {
    const what = signed === undefined ? 'nothing' : nameOf(signed)
    const locked =
      lock === undefined
        ? 'no lock'
        : `locked on ${nameOf(lock.proposal.hash)} of view ${lock.view}`
    return `persist: signed ${what} in view ${view}, ${locked}`
  },
  sendSign: ({ vote, isAgain, to }) =>
    `send sign ${nameOf(vote.hash)} view ${vote.view}${againText(isAgain)}${toText(to)}`,
  sendCommit: ({ executedHash: hash, view, isAgain, to }) =>
    `send commit ${nameOf(hash)} view ${view}${againText(isAgain)}${toText(to)}`,
  sendViewChange: ({ change, to }) => `send view change ${change.view}${toText(to)}`,
  sendLockProof: ({ lock, to }) =>
    `send lock proof ${nameOf(lock.proposal.hash)} of view ${lock.view} to ${to}`,
  commit: ({ proposal, commits }) => {
    const signers = commits.map(({ index }) => index)
    return `commit ${nameOf(proposal.hash)}, signed by ${signers.join(', ')}`
  },
  timedOut: ({ view }) => `timed out in view ${view}`,
}

function describeEffect<T extends PbftEffect['type']>(
  effect: Extract<PbftEffect, { readonly type: T }>,
): string {
  return DESCRIPTIONS[effect.type](effect)
}

import { isBcosError } from '@bcos-ts/common'
import { decodeRaftMessage, NO_HASH, type RaftMessage, VoteFlag } from '@bcos-ts/consensus'
import { decodeRaftRecord } from '@bcos-ts/consensus/wire'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import type { ModelMessage } from './model/message.ts'

interface RaftWatchInit {
  readonly suite: CryptoSuite
  /** What is certainly on the disk of a node. */
  readonly record: (node: number) => Uint8Array | undefined
  readonly fail: (node: number, what: string) => void
}

/** Write-ahead, and one vote in a term: seen from the wire, as other nodes see it. */
export class RaftWatch {
  readonly #init: RaftWatchInit
  /** For whom a node voted in a term. */
  readonly #votes = new Map<string, number>()
  /** Who leads in a term. */
  readonly #leaders = new Map<number, number>()

  constructor(init: RaftWatchInit) {
    this.#init = init
  }

  onSent(from: number, to: number, message: ModelMessage): void {
    if (message.kind !== 'p2p') return
    try {
      this.#check(decodeRaftMessage(message.payload), from, to)
    } catch (error) {
      if (!isBcosError(error)) throw error
    }
  }

  #check(message: RaftMessage, from: number, to: number): void {
    const { fail } = this.#init
    const { term } = message
    switch (message.type) {
      case 'heartbeat': {
        const before = this.#leaders.get(term) ?? from
        if (before !== from) fail(from, `agreement: n${before} leads in term ${term} too`)
        this.#leaders.set(term, before)
        return
      }
      case 'voteRequest':
        if (!message.isTrial) this.#onVote(from, term, from)
        return
      case 'voteResponse':
        if (message.flag === VoteFlag.granted) this.#onVote(from, term, to)
        return
      case 'heartbeatResponse':
        if (message.acceptedHash !== NO_HASH) this.#onAcceptance(from, term, message.acceptedHash)
    }
  }

  #onVote(node: number, term: number, candidate: number): void {
    const place = `${node} ${term}`
    const before = this.#votes.get(place) ?? candidate
    if (before !== candidate) this.#init.fail(node, `two votes in term ${term}`)
    this.#votes.set(place, before)
    const kept = this.#kept(node)
    const isCovered =
      kept !== undefined &&
      (kept.term > term || (kept.term === term && kept.votedFor !== undefined))
    if (!isCovered) this.#init.fail(node, `write-ahead: a vote in term ${term} is not on disk`)
  }

  #onAcceptance(node: number, term: number, hash: string): void {
    const entry = this.#kept(node)?.entry
    const isCovered =
      entry !== undefined &&
      (entry.term > term || (entry.term === term && entry.proposal.hash === hash))
    if (!isCovered) {
      this.#init.fail(node, `write-ahead: what is accepted in term ${term} is not on disk`)
    }
  }

  #kept(node: number) {
    const bytes = this.#init.record(node)
    return bytes === undefined ? undefined : decodeRaftRecord(bytes, this.#init.suite)?.kept
  }
}

import { fromHex, toHex } from '@bcos-ts/common'
import {
  checkSyncedBlock,
  committeeOf,
  decodeBody,
  decodeEnvelope,
  isRotation,
  PacketId,
  PbftPacketType,
  refusesSyncedHeader,
  type SignedBody,
} from '@bcos-ts/consensus'
import { decodeVoteRecord, type VoteRecord } from '@bcos-ts/consensus/wire'
import { type Block, type HashText, hashHeader, type NodeId } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import { executeModel, type Membering, type ModelChain, type ModelEpoch } from './model/chain.ts'
import type { ModelMessage } from './model/message.ts'
import { isConsensusFrame } from './model/trace.ts'

export interface CheckerInit {
  readonly suite: CryptoSuite
  readonly membering: Membering
  readonly epoch?: ModelEpoch | undefined
  /** Blocks carry a quorum's signatures; those of Raft carry none. Default true. */
  readonly isSigned?: boolean
  readonly nodeIds: readonly NodeId[]
  readonly nowMs: () => number
  /** Durable vote record of a node. */
  readonly voteRecord: (node: number) => Uint8Array | undefined
  readonly isHonest: (node: number) => boolean
  /** Blocks never repeat a transaction: so with the shipping pool, which remembers what was mined. */
  readonly isOnceOnly?: boolean
  /** Votes that leave are those of PBFT. Default true. */
  readonly isVoteJudged?: boolean
}

/** Blocks of a restarted node that are compared; older ones were there at an earlier look. */
const LOOKED_BACK = 64

interface Decided {
  readonly block: Block
  readonly hash: HashText
  readonly by: number
}

interface SentVote {
  readonly packetId: number
  readonly body: SignedBody
}

/** Watches the whole cluster and remembers the first thing that must not be. */
export class Checker {
  readonly #init: CheckerInit
  readonly #decided = new Map<number, Decided>()
  readonly #submitted = new Set<HashText>()
  /** Blocks each node has reported. */
  readonly #reported = new Map<number, number>()
  readonly #signed = new Map<string, HashText>()
  /** Heights of the transactions that were mined. */
  readonly #mined = new Map<HashText, number>()
  /** The last packet that was seen: one that goes to all is one object, and is read once. */
  #lastVote: { readonly payload: Uint8Array; readonly vote: SentVote | undefined } | undefined
  /** Vote records by their bytes on disk. */
  readonly #records = new WeakMap<Uint8Array, VoteRecord>()
  #height = 0
  #violation: Error | undefined

  constructor(init: CheckerInit) {
    this.#init = init
  }

  get violation(): Error | undefined {
    return this.#violation
  }

  fail(node: number, what: string): void {
    const seconds = (this.#init.nowMs() / 1000).toFixed(3)
    this.#violation ??= new Error(`n${node} at ${seconds} s: ${what}`)
  }

  onSubmitted(hash: HashText): void {
    this.#submitted.add(hash)
  }

  height(): number {
    return this.#height
  }

  /** A node says that a block is committed. */
  onCommitted(node: number, block: Block, hash: Uint8Array): void {
    if (!this.#init.isHonest(node)) return
    const { number } = block.header
    const text = toHex(hash)
    const known = this.#decided.get(number)
    if (known === undefined) {
      this.#checkBlock(node, block, hash)
      this.#decided.set(number, { block, hash: text, by: node })
      this.#noteMined(node, block)
    } else if (known.hash !== text) {
      this.fail(
        node,
        `agreement: block ${number} is ${short(text)}, n${known.by} has ${short(known.hash)}`,
      )
    }
    this.#height = Math.max(this.#height, number)
    this.#reported.set(node, number)
  }

  /** Whether a chain of this height has the transaction. */
  isMined(transaction: HashText, height: number): boolean {
    const minedAt = this.#mined.get(transaction)
    return minedAt !== undefined && minedAt <= height
  }

  #noteMined(node: number, { header, transactions }: Block): void {
    for (const { hashText } of transactions) {
      const before = this.#mined.get(hashText)
      if (before !== undefined && this.#init.isOnceOnly === true) {
        this.fail(node, `validity: block ${header.number} repeats a transaction of block ${before}`)
      }
      this.#mined.set(hashText, before ?? header.number)
    }
  }

  /** Validity: decided by a quorum in force, on the block before, executed rightly, from what clients sent. */
  #checkBlock(node: number, block: Block, hash: Uint8Array): void {
    const { suite, membering } = this.#init
    const { header, transactions, signatures } = block
    const { sealers, workingSealers = sealers } = membering(header.number - 1)
    const committee = committeeOf({ sealers, workingSealers }, '')
    const terms = { committee, txCountLimit: 1000, suite }
    const refusal =
      this.#init.isSigned === false
        ? refusesSyncedHeader(block, hash, terms)
        : checkSyncedBlock(block, hash, terms).refusal
    if (refusal !== undefined) this.fail(node, `validity: block ${header.number}: ${refusal}`)
    const indices = signatures.map(({ index }) => index)
    if (indices.some((index, i) => i > 0 && index <= (indices[i - 1] ?? 0))) {
      this.fail(node, `validity: signatures of block ${header.number} by ${indices.join()}`)
    }
    if (transactions.length === 0) this.fail(node, `validity: block ${header.number} is empty`)
    const rotations = this.#checkRotation(node, block)
    for (const { hashText } of transactions.slice(rotations)) {
      if (!this.#submitted.has(hashText)) this.fail(node, 'validity: a transaction nobody sent')
    }
    const parent = this.#decided.get(header.number - 1)
    if (parent === undefined) return
    if (toHex(header.parentHash) !== parent.hash) this.fail(node, 'validity: another parent')
    const again = executeModel(parent.block.header, block, suite)
    const isSame = toHex(hashHeader(again.block.header, suite)) === toHex(hash)
    if (!isSame) this.fail(node, `validity: block ${header.number} is not what execution gives`)
  }

  /** The committee changes when it is due and never else, by the hand of one who works. */
  #checkRotation(node: number, { header, transactions }: Block): number {
    const { epoch, suite, membering } = this.#init
    const [first] = transactions
    const isRotating = first !== undefined && isRotation(first)
    const parent = header.number - 1
    const isDue = epoch !== undefined && parent > 0 && parent % epoch.blocks === 0
    if (isDue !== isRotating) {
      this.fail(node, `validity: block ${header.number} ${isDue ? 'does not rotate' : 'rotates'}`)
    }
    if (!isRotating) return 0
    const { sealers, workingSealers = sealers } = membering(parent)
    const accounts = workingSealers.map((id) => toHex(suite.address(fromHex(id))))
    const sender = first.sender(suite)
    if (sender === undefined || !accounts.includes(sender)) {
      this.fail(node, `validity: a stranger rotates in block ${header.number}`)
    }
    return 1
  }

  /** Durability: what a node has reported is there when it comes back. */
  onRestarted(node: number, chain: ModelChain): void {
    if (!this.#init.isHonest(node)) return
    const reported = this.#reported.get(node) ?? 0
    if (chain.height() < reported) {
      this.fail(
        node,
        `durability: block ${reported} was reported, ${chain.height()} blocks are there`,
      )
    }
    const last = Math.min(reported, chain.height())
    for (let number = Math.max(1, last - LOOKED_BACK); number <= last; number++) {
      if (chain.hashTextOf(number) !== this.#decided.get(number)?.hash) {
        this.fail(node, `durability: block ${number} is another one after the restart`)
      }
    }
    // It may have crashed when these were on disk, and before it could tell.
    for (let number = reported + 1; number <= chain.height(); number++) {
      const block = chain.block(number)
      if (block !== undefined) this.onCommitted(node, block, fromHex(chain.hashTextOf(number)))
    }
  }

  /** Write-ahead: votes that leave an honest node are on its disk, and never contradict earlier ones. */
  onSent(node: number, message: ModelMessage): void {
    if (this.#init.isVoteJudged === false || message.kind !== 'p2p') return
    if (!this.#init.isHonest(node)) return
    const isConsensus = isConsensusFrame(message) && message.packetType === PbftPacketType.packet
    if (!isConsensus) return
    if (this.#lastVote?.payload !== message.payload) {
      this.#lastVote = { payload: message.payload, vote: readVote(message.payload) }
    }
    const { vote } = this.#lastVote
    if (vote === undefined || !this.#isOwn(node, vote.body)) return
    const { packetId, body } = vote
    this.#checkWriteAhead(node, packetId, body)
    const place = `${node} ${body.height} ${body.view}`
    const before = this.#signed.get(place)
    if (before !== undefined && before !== body.hash) {
      this.fail(node, `write-ahead: two votes in view ${body.view} of height ${body.height}`)
    }
    this.#signed.set(place, body.hash)
  }

  #isOwn(node: number, body: SignedBody): boolean {
    const { sealers } = this.#init.membering(body.height - 1)
    return sealers[body.index] === this.#init.nodeIds[node]
  }

  #checkWriteAhead(node: number, packetId: number, body: SignedBody): void {
    const votes = this.#recordOf(node)?.votes
    const isCovered = votes !== undefined && votes.height === body.height && votes.view >= body.view
    if (!isCovered) {
      this.fail(node, `write-ahead: a vote for view ${body.view} of ${body.height} is not on disk`)
    } else if (packetId === PacketId.commit && votes.lock?.executedHash !== body.hash) {
      this.fail(node, `write-ahead: the lock behind a commit of ${body.height} is not on disk`)
    }
  }

  #recordOf(node: number): VoteRecord | undefined {
    const bytes = this.#init.voteRecord(node)
    if (bytes === undefined) return undefined
    const known = this.#records.get(bytes)
    if (known !== undefined) return known
    const record = decodeVoteRecord(bytes, this.#init.suite)
    if (record !== undefined) this.#records.set(bytes, record)
    return record
  }
}

function readVote(payload: Uint8Array): SentVote | undefined {
  const { packetId, data } = decodeEnvelope(payload)
  const isVote = packetId === PacketId.sign || packetId === PacketId.commit
  return isVote ? { packetId, body: decodeBody(data) } : undefined
}

function short(hash: HashText): string {
  return hash.slice(0, 8)
}

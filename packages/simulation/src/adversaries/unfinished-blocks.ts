/**
 * A leader that takes a synchronising node for its own.
 * @module
 */
import { toHex } from '@bcos-ts/common'
import { decodeBody, PacketId, quorumOf, type SignedBody } from '@bcos-ts/consensus'
import { type Block, encodeBlock, type HashText } from '@bcos-ts/protocol'
import type { ModelMessage } from '../model/message.ts'
import type { AdversaryKind } from './adversary.ts'
import type { Toolbox } from './toolbox.ts'

const NONE: readonly never[] = []
/** Results of execution, and blocks, that it remembers. */
const KEPT_MAX = 64

/**
 * Blocks whose signs it has gathered in private. On the wire of 2.x a sign and a commit sign the same, so that such a
 * block looks like one that was committed.
 */
class Hoard {
  readonly #tools: Toolbox
  /** Its own proposals, executed. */
  readonly #executed = new Map<HashText, Block>()
  readonly #signs = new Map<HashText, Map<number, Uint8Array>>()

  constructor(tools: Toolbox) {
    this.#tools = tools
  }

  noteExecuted(hash: HashText, block: Block): void {
    this.#executed.set(hash, block)
    forgetOldest(this.#executed)
  }

  note({ body }: HeardVote): void {
    const { hash, index, signature } = body
    const signs = this.#signs.get(hash) ?? new Map<number, Uint8Array>()
    signs.set(index, signature)
    this.#signs.set(hash, signs)
    forgetOldest(this.#signs)
  }

  isOwn(hash: HashText): boolean {
    return this.#executed.has(hash)
  }

  /** What it says of its chain, when it has a block of that height. */
  tip(number: number): { readonly number: number; readonly latestHash: HashText } | undefined {
    const latestHash = this.#find(number)
    return latestHash === undefined ? undefined : { number, latestHash }
  }

  /** An encoded block of that height with a quorum of signatures. */
  blockAt(number: number): Uint8Array | undefined {
    const hash = this.#find(number)
    const block = hash === undefined ? undefined : this.#executed.get(hash)
    if (hash === undefined || block === undefined) return undefined
    const signatures = [...(this.#signs.get(hash) ?? [])]
      .toSorted(([a], [b]) => a - b)
      .map(([index, signature]) => ({ index, signature }))
    return encodeBlock({ ...block, receipts: [], signatures }, this.#tools.suite)
  }

  #find(number: number): HashText | undefined {
    const quorum = quorumOf(this.#tools.size)
    for (const [hash, { header }] of this.#executed) {
      if (header.number === number && (this.#signs.get(hash)?.size ?? 0) >= quorum) return hash
    }
    return undefined
  }
}

function forgetOldest(map: Map<HashText, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= KEPT_MAX) return
    map.delete(oldest)
  }
}

export const unfinishedBlocks: AdversaryKind = {
  name: 'unfinished-blocks',
  idea: 'hands a node a block that was signed by a quorum and committed by nobody',
  does: 'As leader it shows its proposal to just as many sealers as give it a quorum of signs together with its own, which it shows to nobody: nobody can lock the block, and the group goes on to another one. To those that it left out it claims to have committed its block, and serves it with the signs.',
  companion: 'shipping',
  behave: (tools) => {
    const hoard = new Hoard(tools)
    /** Other ones at each height, and never all. */
    const isChosen = (to: number, height: number): boolean => {
      const place = (to - tools.self - 1 + tools.size) % tools.size
      return (place + height) % (tools.size - 1) < quorumOf(tools.size) - 1
    }
    const nextHeight = (): number => (tools.node?.chain.height() ?? 0) + 1
    return {
      send: (to, message) => {
        const packet = tools.syncPacketOf(message)
        if (packet?.type === 'status') {
          const { status } = packet
          if (isChosen(to, nextHeight())) return undefined
          return [tools.sync({ type: 'status', status: { ...status, ...hoard.tip(nextHeight()) } })]
        }
        const found = tools.proposalOf(message)
        if (found !== undefined) return isChosen(to, found.body.height) ? undefined : NONE
        const vote = voteOf(tools, message)
        if (vote === undefined) return undefined
        hoard.note(vote)
        return hoard.isOwn(vote.body.hash) ? NONE : undefined
      },
      hear: (message, from) => {
        const vote = voteOf(tools, message)
        if (vote !== undefined) {
          hoard.note(vote)
          // The engine behind would lock the block, and show its lock.
          return !hoard.isOwn(vote.body.hash)
        }
        const packet = tools.syncPacketOf(message)
        if (packet?.type !== 'blocksRequest') return true
        const bytes = hoard.blockAt(packet.from)
        if (bytes === undefined || isChosen(from, packet.from)) return true
        tools.send(tools.sync({ type: 'blocks', blocks: [bytes] }), [from])
        return false
      },
      act: () => {
        const tip = hoard.tip(nextHeight())
        const { chain } = tools.node ?? {}
        if (tip === undefined || chain === undefined) return
        const genesisHash = chain.hashTextOf(0)
        const timeMs = tools.init.environment.clock.nowMs()
        const status = { ...tip, genesisHash, timeMs }
        const victims = tools.others().filter((to) => !isChosen(to, tip.number))
        tools.send(tools.sync({ type: 'status', status }), victims)
      },
      alterHost: (host) => ({
        ...host,
        executor: {
          execute: (block) => {
            const executed = host.executor.execute(block)
            const isOwn = Number(block.header.sealer) === tools.self
            if (isOwn) hoard.noteExecuted(toHex(executed.hash), executed.block)
            return executed
          },
        },
      }),
    }
  },
}

interface HeardVote {
  readonly packetId: number
  readonly body: SignedBody
}

function voteOf(tools: Toolbox, message: ModelMessage): HeardVote | undefined {
  const envelope = tools.envelope(message)
  if (envelope === undefined) return undefined
  const { packetId, data } = envelope
  if (packetId !== PacketId.sign && packetId !== PacketId.commit) return undefined
  const body = tools.reading(() => decodeBody(data))
  return body && { packetId, body }
}

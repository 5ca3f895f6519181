import { equalBytes, toHex } from '@bcos-ts/common'
/**
 * Sealers that vote for what they should not, or too often.
 * @module
 */
import { decodeBody, PacketId, type SignedBody } from '@bcos-ts/consensus'
import type { ModelMessage } from '../model/message.ts'
import type { AdversaryKind } from './adversary.ts'
import { asPacket, type Toolbox } from './toolbox.ts'

const HEARD_MAX = 200
const FLOOD = 25
const VOTE_KINDS = ['sign', 'commit'] as const
const FUTURE_HEIGHTS = 12
const FUTURE_VIEWS = 40

/** Votes and requests of others, the latest last. */
function listener(tools: Toolbox): {
  readonly heard: () => readonly SignedBody[]
  readonly hear: (message: ModelMessage) => boolean
} {
  let heard: SignedBody[] = []
  return {
    heard: () => heard,
    hear: (message) => {
      const envelope = tools.envelope(message)
      if (envelope !== undefined && envelope.packetId <= PacketId.viewChange) {
        const body = tools.reading(() => decodeBody(envelope.data))
        if (body !== undefined) heard = [...heard, body].slice(-HEARD_MAX)
      }
      return true
    },
  }
}

export const votesForEverything: AdversaryKind = {
  name: 'votes-for-everything',
  idea: 'signs and commits every block it hears of, whatever it signed before',
  does: 'It holds no lock and waits for no quorum: each proposal of whatever view has its sign and its commit at once, so that its votes are never what keeps a fork from happening.',
  behave: (tools) => ({
    hear: (message) => {
      const found = tools.proposalOf(message)
      if (found !== undefined) tools.voteFor(found.proposal, found.body.view, tools.others())
      // Deaf to the votes of others, it never learns that it should be locked.
      const packetId = tools.envelope(message)?.packetId
      return packetId !== PacketId.commit && packetId !== PacketId.lockProof
    },
  }),
}

export const votesForInvalidBlock: AdversaryKind = {
  name: 'votes-for-invalid-block',
  idea: 'casts good votes for blocks that nobody may accept',
  does: 'For each proposal it makes one of its own that repeats a transaction and has another parent, and signs and commits that: the signatures are good, the block is not.',
  behave: (tools) => ({
    hear: (message) => {
      const found = tools.proposalOf(message)
      if (found === undefined) return true
      const { proposal, body } = found
      // What another liar has made up is left alone: the two would answer each other for ever.
      const head = tools.node?.chain.headHash()
      if (head === undefined || !equalBytes(head, proposal.header.parentHash)) return true
      const parentHash = tools.suite.hash(proposal.header.parentHash)
      const bad = tools.reheaded(proposal, { parentHash })
      tools.voteFor(bad, body.view, tools.others())
      tools.send(tools.prepare(body, bad), tools.others())
      return true
    },
  }),
}

export const wrongExecution: AdversaryKind = {
  name: 'wrong-execution',
  idea: 'signs another result of execution than everybody else has',
  does: 'Its engine executes each block to another state, as after an upgrade gone wrong, and votes for that: its votes count for nothing, and it falls behind until it is given blocks.',
  behave: (tools) => ({
    alterHost: (host) => ({
      ...host,
      executor: {
        execute: (block) => {
          const executed = host.executor.execute(block)
          const { hash } = executed
          return { ...executed, hash: tools.suite.hash(hash) }
        },
      },
    }),
  }),
}

export const replayer: AdversaryKind = {
  name: 'replayer',
  idea: 'floods the group with what others once signed, as whatever kind of message',
  does: 'Twenty-five times in a burst it sends votes and requests that it has heard, old and new, as signs, as commits and as view changes, and ones with the first signature of one message and the second of another.',
  behave: (tools) => {
    const { heard, hear } = listener(tools)
    return {
      hear,
      act: () => {
        const bodies = tools.prng.shuffled(heard()).slice(0, FLOOD)
        for (const body of bodies) {
          tools.send(asPacket(tools, 1 + tools.prng.below(3), body), tools.others())
          const other = bodies.find((one) => one !== body && one.index === body.index)
          if (other === undefined) continue
          const mixed = { ...other, hash: body.hash, signature: body.signature }
          tools.send(asPacket(tools, 1 + tools.prng.below(2), mixed), tools.others())
        }
      },
    }
  },
}

export const votesAhead: AdversaryKind = {
  name: 'votes-ahead',
  idea: 'fills memories with votes for heights and views that have not come',
  does: 'In bursts it signs votes for random blocks of the next dozen heights and forty views: good signatures that everybody has to keep or drop.',
  behave: (tools) => ({
    act: () => {
      const height = tools.node?.chain.height() ?? 0
      for (let i = 0; i < FLOOD; i++) {
        const place = {
          height: height + 1 + tools.prng.below(FUTURE_HEIGHTS),
          view: tools.prng.below(FUTURE_VIEWS),
        }
        const hashes = { proposal: randomHash(tools), executed: randomHash(tools) }
        const kind = tools.prng.chance(0.5) ? VOTE_KINDS[0] : VOTE_KINDS[1]
        tools.send(tools.vote(kind, place, hashes), tools.others())
      }
    },
  }),
}

function randomHash(tools: Toolbox): string {
  return toHex(tools.prng.bytes(32))
}

export const forgedView: AdversaryKind = {
  name: 'forged-view',
  idea: 'drives the group from view to view, in its own name and in that of others',
  does: 'It asks for views far ahead with a good signature, sends view changes in the name of every other sealer with signatures that are none, and repeats the requests of others for views that they have left.',
  behave: (tools) => {
    const { heard, hear } = listener(tools)
    return {
      hear,
      act: () => {
        const { node, prng } = tools
        if (node === undefined) return
        const height = node.chain.height()
        const hash = node.chain.hashTextOf(height)
        const view = node.engine.status().view + 1 + prng.below(1000)
        tools.send(tools.viewChange(height, view, hash), tools.others())
        const [body] = prng.shuffled(heard())
        if (body === undefined) return
        tools.send(asPacket(tools, PacketId.viewChange, body), tools.others())
        for (let index = 0; index < tools.size; index++) {
          const signature = prng.bytes(body.signature.length)
          const forged = {
            height,
            view,
            index,
            timestamp: body.timestamp,
            hash,
            signature,
            signature2: signature,
          }
          tools.send(asPacket(tools, PacketId.viewChange, forged), tools.others())
        }
      },
    }
  },
}

export const commitsInPrivate: AdversaryKind = {
  name: 'commits-in-private',
  idea: 'lets one node finish a block that the others know nothing of',
  does: 'Its signs go to everybody, its commits to one sealer only, another one at each height: that one may commit alone and vanish, and the others must still come to the same block.',
  behave: (tools) => ({
    send: (to, message) => {
      if (tools.envelope(message)?.packetId !== PacketId.commit) return undefined
      const height = tools.node?.chain.height() ?? 0
      return to % tools.size === (tools.self + 1 + height) % tools.size ? undefined : []
    },
  }),
}

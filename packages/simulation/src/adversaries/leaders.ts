/**
 * Leaders that use their turn against the group.
 * @module
 */
import { maxFaulty, PacketId } from '@bcos-ts/consensus'
import type { BlockHeader } from '@bcos-ts/protocol'
import type { AdversaryKind } from './adversary.ts'

/** Where a proposal of another height is tried. */
const FAR_HEIGHT = 1000
const DAY_MS = 86_400_000n
const NONE: readonly never[] = []

export const equivocatingLeader: AdversaryKind = {
  name: 'equivocating-leader',
  idea: 'shows two halves of the group two different blocks of one height',
  does: 'As leader it sends the upper half of the sealers another block than the lower half, each with its own sign and commit to fit, so that each half is as near to a quorum as one liar can bring it.',
  behave: (tools) => ({
    send: (to, message) => {
      const found = tools.proposalOf(message)
      if (found === undefined || found.body.index !== tools.self) return undefined
      const { body, proposal } = found
      if (2 * (to % tools.size) < tools.size) return undefined
      const other = tools.reheaded(proposal, { timestamp: proposal.header.timestamp + 1n })
      tools.voteFor(other, body.view, [to])
      return [tools.prepare(body, other)]
    },
  }),
}

export const silentLeader: AdversaryKind = {
  name: 'silent-leader',
  idea: 'votes like everybody else, but proposes nothing when it leads',
  does: 'Its prepares never leave, so that each of its turns costs the group a timeout; its votes do, so that nobody takes it for dead.',
  behave: (tools) => ({
    send: (_, message) =>
      tools.envelope(message)?.packetId === PacketId.prepare ? NONE : undefined,
  }),
}

export const withholdingLeader: AdversaryKind = {
  name: 'withholding-leader',
  idea: 'keeps its proposals from as many nodes as may fail',
  does: 'As leader it leaves out f sealers, other ones at each height, and answers nobody who asks for the transactions: a quorum is there only when everybody else plays along.',
  behave: (tools) => ({
    send: (to, message) => {
      if (tools.envelope(message)?.packetId !== PacketId.prepare) return undefined
      const height = tools.node?.chain.height() ?? 0
      const place = (to - height) % tools.size
      return (place + tools.size) % tools.size < maxFaulty(tools.size) ? NONE : undefined
    },
  }),
}

/** What can be untrue in a header that is signed in good order. */
const LIES: readonly ((header: BlockHeader) => Partial<BlockHeader>)[] = [
  ({ parentHash }) => ({ parentHash: parentHash.map((byte) => ~byte) }),
  ({ number }) => ({ number: number + FAR_HEIGHT }),
  ({ timestamp }) => ({ timestamp: timestamp + DAY_MS }),
  () => ({ timestamp: 0n }),
  ({ transactionsRoot }) => ({ transactionsRoot: transactionsRoot.map((byte) => byte ^ 1) }),
  ({ sealerList }) => ({ sealerList: sealerList.slice(1) }),
  ({ sealer }) => ({ sealer: sealer + 1n }),
  () => ({ gasLimit: 2n ** 255n }),
]

export const forgedHeader: AdversaryKind = {
  name: 'forged-header',
  idea: 'proposes blocks whose headers are not true',
  does: 'As leader it changes one thing of the header each time, and signs the result in good order: another parent, number, root of transactions, sealer or list of sealers, a time a day ahead or before the epoch, a gas limit without end.',
  behave: (tools) => ({
    send: (_, message) => {
      const found = tools.proposalOf(message)
      if (found === undefined || found.body.index !== tools.self) return undefined
      const lie = LIES[found.body.height % LIES.length]
      if (lie === undefined) return undefined
      const forged = tools.reheaded(found.proposal, lie(found.proposal.header))
      return [tools.prepare(found.body, forged)]
    },
  }),
}

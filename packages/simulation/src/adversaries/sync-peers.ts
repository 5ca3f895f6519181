import type { AdversaryKind } from './adversary.ts'
import type { Toolbox } from './toolbox.ts'

/** How far beyond the chain it claims to be: within what a node may believe, and far out of it. */
const CLAIMS = [2, 15, 30, 100_000] as const

export const lyingSyncPeer: AdversaryKind = {
  name: 'lying-sync-peer',
  idea: 'claims blocks that do not exist, and serves bad ones for those that do',
  does: 'It tells of chains up to a hundred thousand blocks longer than there are, which would keep sealers from voting if they believed it, and answers requests with blocks whose signatures, transactions or headers were changed, with blocks of other heights, with half of one, or not at all.',
  companion: 'shipping',
  behave: (tools) => ({
    send: (_, message) => {
      const packet = tools.syncPacketOf(message)
      if (packet?.type === 'status') {
        const number = packet.status.number + tools.prng.pick([...CLAIMS])
        return [tools.sync({ type: 'status', status: { ...packet.status, number } })]
      }
      if (packet?.type !== 'blocks') return undefined
      return badBlocks(tools, packet.blocks)
    },
    act: () => {
      const { node } = tools
      if (node === undefined) return
      const { chain } = node
      const status = {
        number: chain.height() + tools.prng.pick([...CLAIMS]),
        genesisHash: chain.hashTextOf(0),
        latestHash: chain.hashTextOf(tools.prng.below(chain.height() + 1)),
        timeMs: 0,
      }
      tools.send(tools.sync({ type: 'status', status }), tools.others())
    },
  }),
}

function badBlocks(tools: Toolbox, blocks: readonly Uint8Array[]) {
  const { prng } = tools
  switch (prng.below(5)) {
    case 0:
      return []
    case 1:
      return [
        tools.sync({ type: 'blocks', blocks: blocks.map((one) => one.slice(0, one.length >> 1)) }),
      ]
    case 2:
      return [tools.sync({ type: 'blocks', blocks: blocks.toReversed() })]
    case 3:
      return [tools.sync({ type: 'blocks', blocks: [...blocks, ...blocks, prng.bytes(500)] })]
    default:
      return [tools.sync({ type: 'blocks', blocks: blocks.map((one) => bent(one, tools)) })]
  }
}

/** A few bytes are different, somewhere. */
function bent(bytes: Uint8Array, { prng }: Toolbox): Uint8Array {
  const copy = bytes.slice()
  for (let i = 0; i < 4; i++) copy[prng.below(copy.length)] = prng.below(256)
  return copy
}

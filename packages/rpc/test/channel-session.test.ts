import { ChannelType } from '@bcos-ts/protocol/channel'
import type { World } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import { channelNodes, type TestNode } from './channel.ts'
import type { TestClient, TextFrame } from './client.ts'
import { minedBlock, type ReceiptJson } from './mined.ts'
import { readVectors } from './vectors.ts'

interface RecordedFrame extends TextFrame {
  readonly client: string
  readonly dir: 'send' | 'recv'
  readonly note?: string
}

interface RecordedEnd {
  readonly client: string
  readonly event: 'closed'
}

const cases = readVectors<RecordedFrame | RecordedEnd>('channel-session.json')
const frames = cases.filter((one) => 'dir' in one)
const received = frames.filter(({ dir }) => dir === 'recv')

/** Receipts by the seq of their submission; those of refusals have no block. */
const receipts = new Map(
  received
    .filter(({ type }) => type === ChannelType.receipt)
    .map(({ seq, text }): [string, ReceiptJson] => [seq, JSON.parse(text)]),
)

const plain = ({ type, seq, result, text }: TextFrame): TextFrame => ({ type, seq, result, text })

/** Answers of one client in an order that does not depend on what else is going on. */
function inOrder(list: readonly TextFrame[]): TextFrame[] {
  const key = ({ type, seq, text }: TextFrame): string => `${type} ${seq} ${text}`
  return list.map(plain).toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

class Replay {
  readonly clients = new Map<string, TestClient>()
  readonly #nodes: readonly TestNode[]
  readonly #time: World

  constructor(nodes: readonly TestNode[], time: World) {
    this.#nodes = nodes
    this.#time = time
    for (const { service } of nodes) service.chain.state.height = 0
  }

  clientOf(name: string): TestClient | undefined {
    const known = this.clients.get(name)
    if (known !== undefined) return known
    const client = this.#nodes[name === 'B' ? 1 : 0]?.listener.connect()
    if (client !== undefined) this.clients.set(name, client)
    return client
  }

  async send(frame: RecordedFrame): Promise<void> {
    const pool = this.#nodes[0]?.service.pool
    const receipt = receipts.get(frame.seq)
    if (pool !== undefined && receipt !== undefined) {
      pool.result = { status: isMined(receipt) ? 0 : Number(receipt.status), reason: 'refused' }
    }
    this.clientOf(frame.client)?.send(frame)
    await this.#time.pass(200)
    if (frame.type === ChannelType.rpc && receipt !== undefined && isMined(receipt)) {
      this.#mine(receipt)
      await this.#time.pass(200)
    }
  }

  #mine(json: ReceiptJson): void {
    const [node] = this.#nodes
    const transaction = node?.service.pool.submitted.at(-1)
    if (node === undefined || transaction === undefined) throw new Error('nothing was submitted')
    const mined = minedBlock(transaction, json)
    node.service.chain.append(mined.block, mined.blockHash)
    node.service.pool.outcomes.get(transaction.hashText)?.({ type: 'mined', transaction, ...mined })
  }
}

const isMined = ({ blockNumber }: ReceiptJson): boolean => blockNumber !== '0x0'

describe('a recorded conversation of clients with nodes', () => {
  it('goes the same way here, frame by frame', async () => {
    const { time, nodes } = await channelNodes(2)
    const replay = new Replay(nodes, time)
    for (const frame of frames) if (frame.dir === 'send') await replay.send(frame)
    for (const [name, client] of replay.clients) {
      const expected = received.filter((one) => one.client === name)
      expect(inOrder(client.received), `client ${name}`).toEqual(inOrder(expected))
      // Every frame was written by itself.
      expect(new Set(client.writes)).toEqual(new Set(client.writes.length > 0 ? [1] : []))
    }
    const closed = new Set(cases.filter((one) => 'event' in one).map(({ client }) => client))
    for (const [name, { isClosed }] of replay.clients) expect(isClosed).toBe(closed.has(name))
  })

  it('answers each submission before its receipt, with time in between', async () => {
    const { time, nodes } = await channelNodes(1)
    const replay = new Replay(nodes, time)
    const seqs = [...receipts.keys()]
    for (const frame of frames) {
      const isSetup = frame.type === ChannelType.handshake && frame.client === 'A'
      if (frame.dir === 'send' && (isSetup || seqs.includes(frame.seq))) await replay.send(frame)
    }
    const client = replay.clientOf('A')
    const submissions = (client?.received ?? []).filter(({ seq }) => receipts.has(seq))
    expect(submissions.map(({ seq, type }) => [seq, type])).toEqual(
      seqs.flatMap((seq) => [
        [seq, ChannelType.rpc],
        [seq, ChannelType.receipt],
      ]),
    )
  })
})

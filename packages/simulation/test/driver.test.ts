import { BcosError } from '@bcos-ts/common'
import {
  bondOf,
  decodeBody,
  decodeEnvelope,
  decodeTransactionsAnswer,
  decodeTransactionsRequest,
  encodeBody,
  encodeTransactionsAnswer,
  encodeTransactionsRequest,
  PacketId,
  PbftPacketType,
} from '@bcos-ts/consensus'
import { encodeHashedProposal, newestRecord, PEER_MESSAGES_MAX } from '@bcos-ts/consensus/wire'
import { decodeTransaction } from '@bcos-ts/protocol'
import { describe, expect, it } from 'vitest'
import { envelopeOf } from '../src/model/trace.ts'
import { Puppets } from './puppets.ts'

/** Node 0 leads the first view above genesis; node 1 is under test. */
const LEADER = 0

async function puppets(...init: ConstructorParameters<typeof Puppets>): Promise<Puppets> {
  const group = new Puppets(...init)
  await group.start()
  return group
}

const cut = (group: Puppets, a: number, b: number): void =>
  group.cluster.network.partition(
    (from, to) => (from === a && to === b) || (from === b && to === a),
  )

const timestamps = async (isVoteBound: boolean): Promise<bigint[]> => {
  const group = await puppets({ self: LEADER, options: { isVoteBound } })
  group.node().submit(group.transaction())
  await group.pass(600)
  return group
    .payloads(PbftPacketType.packet, 1)
    .map((payload) => decodeBody(decodeEnvelope(payload).data).timestamp)
}

describe('a round', () => {
  it('signs, commits and reports a block, with ascending distinct signatures', async () => {
    const group = await puppets()
    const proposal = group.proposal(LEADER, [group.transaction(), group.transaction()])
    group.prepare(LEADER, proposal)
    for (const index of [3, 0, 2]) group.vote('sign', index, proposal)
    for (const index of [3, 0, 2]) group.vote('commit', index, proposal)
    await group.pass(100)
    expect(group.votes()).toEqual(['sign 0', 'commit 0'])
    const signers = group.committed.map((block) => block.signatures.map(({ index }) => index))
    expect(signers.every((list) => list.length >= 3)).toBe(true)
    expect(signers).toEqual([signers.flat().toSorted((a, b) => a - b)])
    const report = group.logs.find(({ message }) => message === '^^^^^^^^Report')
    expect(report?.badges).toEqual(['CONSENSUS', 'PBFT'])
    expect(report?.fields).toEqual({
      num: 1,
      sealerIdx: 0n,
      hash: `${group.node().chain.hashTextOf(1).slice(0, 8)}...`,
      next: 2,
      tx: 2,
      nodeIdx: 1,
    })
  })

  it('seals when it leads, and says so in the line that operators look for', async () => {
    const group = await puppets({ self: LEADER })
    group.node().submit(group.transaction())
    await group.pass(600)
    const sealing = group.logs.find(({ message }) => message.startsWith('++++++++++++++++'))
    expect(sealing?.message).toBe('++++++++++++++++ Generating seal on')
    expect(sealing?.badges).toEqual(['CONSENSUS', 'SEALER'])
    expect(sealing?.fields).toMatchObject({ blkNum: 1, tx: 1, nodeIdx: 0 })
    expect(Object.keys(sealing?.fields ?? {})).toEqual(['blkNum', 'tx', 'nodeIdx', 'hash'])
    expect(group.payloads(PbftPacketType.prepareWithHashes, 2)).toHaveLength(1)
  })

  it('warns when a view fails', async () => {
    const group = await puppets()
    await group.pass(3100)
    const warning = group.logs.find(({ message }) => message.startsWith('ViewChangeWarning'))
    expect(warning?.message).toBe('ViewChangeWarning: not caused by omit empty block ')
    const fields = ['v', 'toV', 'curNum', 'hash', 'nodeIdx', 'myNode']
    expect(Object.keys(warning?.fields ?? {})).toEqual(fields)
    expect(warning?.fields).toMatchObject({ v: 0, toV: 1, curNum: 0, nodeIdx: 1 })
  })

  it('shows its state', async () => {
    const group = await puppets()
    group.viewChange(2, 4)
    await group.pass(3100)
    const status = group.node().engine.status()
    expect(status).toMatchObject({
      nodeCount: 4,
      index: 1,
      maxFaulty: 1,
      consensusNumber: 1,
      isSealer: true,
      view: 0,
      toView: 1,
      isLeaderFailed: true,
    })
    expect(status.views).toContainEqual({ nodeId: group.identities[2]?.nodeId, view: 4 })
  })

  it('is silent after it was stopped', async () => {
    const group = await puppets()
    await group.node().engine.stop()
    group.prepare(LEADER, group.proposal(LEADER, [group.transaction()]))
    await group.pass(20_000)
    expect(group.votes()).toEqual([])
  })
})

describe('a disk that fails', () => {
  const full = new Error('ENOSPC: no space left on device')

  it('stops the engine before a vote leaves that could not be kept', async () => {
    const group = await puppets()
    const proposal = group.proposal(LEADER, [group.transaction()])
    group.cluster.disk(1).failWith(full)
    group.prepare(LEADER, proposal)
    await group.pass(50)
    expect(group.votes()).toEqual([])
    expect(group.failures).toMatchObject([
      { code: 'CONSENSUS_HOST_FAILED', details: { action: 'keeping an own vote', height: 1 } },
    ])
    expect(group.failures[0]?.message).toMatch(/disk full/)
    expect(group.failures[0]?.cause).toBe(full)
    // It stays stopped, also when there is room again.
    group.cluster.disk(1).failWith(undefined)
    group.prepare(LEADER, proposal)
    await group.pass(20_000)
    expect(group.votes()).toEqual([])
  })

  it('stops the engine when a block cannot be committed', async () => {
    const group = await puppets({
      alterHost: (host) => ({
        ...host,
        chain: {
          head: () => host.chain.head(),
          headHash: () => host.chain.headHash(),
          membership: () => host.chain.membership(),
          systemConfig: (key) => host.chain.systemConfig(key),
          block: (number) => host.chain.block(number),
          commitProof: () => undefined,
          commit: () => Promise.reject(full),
        },
      }),
    })
    const proposal = group.proposal(LEADER, [group.transaction()])
    group.prepare(LEADER, proposal)
    for (const index of [0, 2, 3]) group.vote('sign', index, proposal)
    for (const index of [0, 2, 3]) group.vote('commit', index, proposal)
    await group.pass(100)
    expect(group.failures).toMatchObject([
      { code: 'CONSENSUS_HOST_FAILED', details: { action: 'committing the block', height: 1 } },
    ])
  })
})

describe('votes on disk', () => {
  it('are found again after a crash: the same view, the same lock', async () => {
    const group = await puppets()
    const proposal = group.proposal(LEADER, [group.transaction()])
    group.prepare(LEADER, proposal)
    for (const index of [0, 2, 3]) group.vote('sign', index, proposal)
    await group.pass(100)
    group.cluster.crash(1)
    const record = newestRecord(group.cluster.disk(1).read('votes'), group.suite)
    expect(record?.votes).toMatchObject({
      height: 1,
      view: 0,
      signed: proposal.hash,
      lock: { view: 0, isProvable: true },
    })
    group.sent.length = 0
    await group.start()
    // Another proposal of the same view gets no vote.
    group.prepare(LEADER, group.proposal(LEADER, [group.transaction()]))
    await group.pass(100)
    expect(group.votes()).toEqual([])
  })

  it('are taken from the former record when the newest is torn', async () => {
    const group = await puppets()
    group.prepare(LEADER, group.proposal(LEADER, [group.transaction()]))
    await group.pass(100)
    const [good] = group.cluster.disk(1).read('votes')
    const torn = good?.subarray(0, 20) ?? new Uint8Array(0)
    const found = newestRecord([torn, good ?? torn], group.suite)
    expect(found?.votes.height).toBe(1)
    // The first record ever may be torn: nothing had been sent before it.
    expect(newestRecord([torn], group.suite)).toBeUndefined()
  })

  it('keep the engine from starting when none of them can be read', async () => {
    let isDamaged = false
    const garbage = [Uint8Array.of(1, 2, 3), new Uint8Array(40)]
    const group = await puppets({
      alterHost: (host) => ({
        ...host,
        votes: { ...host.votes, restore: () => (isDamaged ? garbage : []) },
      }),
    })
    const { engine } = group.node()
    await engine.stop()
    isDamaged = true
    await expect(engine.start()).rejects.toMatchObject({
      code: 'CONSENSUS_VOTES_CORRUPT',
      details: { records: 2 },
    })
  })
})

describe('missing transactions', () => {
  it('are asked of the leader, then of another sealer, and the vote follows', async () => {
    const group = await puppets()
    const [known, unknown] = [group.transaction(), group.transaction()]
    group.node().submit(known)
    const proposal = group.proposal(LEADER, [known, unknown])
    group.prepare(LEADER, proposal, { isByHashes: true })
    await group.pass(50)
    const [request] = group.payloads(PbftPacketType.requestTransactions, LEADER)
    expect(request && decodeTransactionsRequest(request)).toEqual({
      height: 1,
      hash: proposal.hash,
      missing: [{ hash: unknown.hashText, position: 1 }],
    })
    // An answer with another transaction is none.
    const answer = (transaction: typeof known): Uint8Array =>
      encodeTransactionsAnswer({ height: 1, hash: proposal.hash, transactions: [transaction.raw] })
    group.raw(LEADER, PbftPacketType.transactions, answer(group.transaction()))
    await group.pass(50)
    expect(group.votes()).toEqual([])
    await group.pass(600)
    expect(group.payloads(PbftPacketType.requestTransactions, 2)).toHaveLength(1)
    group.raw(2, PbftPacketType.transactions, answer(unknown))
    await group.pass(50)
    expect(group.votes()).toEqual(['sign 0'])
  })

  it('are not asked for when gossip brings them', async () => {
    const group = await puppets()
    const transaction = group.transaction()
    group.prepare(LEADER, group.proposal(LEADER, [transaction]), { isByHashes: true })
    await group.pass(50)
    group.node().submit(transaction)
    await group.pass(600)
    expect(group.votes()).toEqual(['sign 0'])
    expect(group.payloads(PbftPacketType.requestTransactions, 2)).toHaveLength(0)
  })

  it('are given to who asks rightly', async () => {
    const group = await puppets()
    const [first, second] = [group.transaction(), group.transaction()]
    const proposal = group.proposal(LEADER, [first, second])
    group.prepare(LEADER, proposal)
    await group.pass(50)
    const ask = async (hash: string, position: number): Promise<Uint8Array[]> => {
      group.sent.length = 0
      const missing = [{ hash, position }]
      const payload = encodeTransactionsRequest({ height: 1, hash: proposal.hash, missing })
      group.raw(3, PbftPacketType.requestTransactions, payload)
      await group.pass(50)
      return group.payloads(PbftPacketType.transactions, 3)
    }
    const [answer] = await ask(second.hashText, 1)
    expect(answer && decodeTransactionsAnswer(answer).transactions).toEqual([second.raw])
    expect(await ask(second.hashText, 0)).toEqual([])
    expect(await ask(second.hashText, 99)).toEqual([])
    expect(await ask('77'.repeat(32), 0)).toEqual([])
  })
})

describe('what liars try', () => {
  it('a block that is flagged empty but is not (W6)', async () => {
    const group = await puppets()
    const proposal = group.proposal(LEADER, [group.transaction()])
    group.prepare(LEADER, proposal, { isFlaggedEmpty: true })
    await group.pass(50)
    expect(group.votes()).toEqual([])
  })

  it('an empty block without the flag hands the turn on all the same', async () => {
    const group = await puppets()
    group.prepare(LEADER, group.proposal(LEADER, []))
    await group.pass(50)
    expect(group.votes()).toEqual(['view-change 1'])
  })

  it('another block behind the announced hash (W7)', async () => {
    const group = await puppets()
    const other = group.proposal(LEADER, [group.transaction()])
    const block = encodeHashedProposal(other)
    const proposal = group.proposal(LEADER, [group.transaction()])
    group.prepare(LEADER, proposal, { block })
    await group.pass(50)
    expect(group.votes()).toEqual([])
    // Reading proposals is dear: nothing more of this leader is read at this height. The next one is.
    group.prepare(LEADER, proposal)
    for (const index of [0, 2, 3]) group.viewChange(index, 2)
    await group.pass(50)
    expect(group.votes()).toEqual(['view-change 2'])
    group.prepare(2, group.proposal(2, [group.transaction()]), { view: 2 })
    await group.pass(50)
    expect(group.votes()).toEqual(['view-change 2', 'sign 2'])
  })

  it('transactions that are not those of the root (W13)', async () => {
    const group = await puppets()
    const proposal = group.proposal(LEADER, [group.transaction()])
    const block = { ...proposal.block, transactions: [group.transaction()] }
    group.prepare(LEADER, { ...proposal, block })
    await group.pass(50)
    expect(group.votes()).toEqual([])
  })

  it('a transaction with a signature of nobody', async () => {
    const group = await puppets()
    const good = group.transaction()
    const raw = good.raw.slice()
    raw[raw.length - 1] = (raw.at(-1) ?? 0) ^ 1
    const bad = decodeTransaction(raw, group.suite)
    group.prepare(LEADER, group.proposal(LEADER, [bad]))
    await group.pass(50)
    expect(group.votes()).toEqual([])
  })

  it('votes as another, or for another (W8, W9)', async () => {
    const group = await puppets()
    const proposal = group.proposal(LEADER, [group.transaction()])
    group.prepare(LEADER, proposal)
    for (const index of [0, 2, 3]) group.vote('sign', index, proposal)
    await group.pass(50)
    expect(group.votes().toSorted()).toEqual(['commit 0', 'sign 0'])
    // Signs of the others, passed off as commits by one of them.
    for (const index of [0, 2, 3]) {
      const data = encodeBody(group.voteBody('sign', index, proposal))
      group.packet(3, { packetId: PacketId.commit, data })
      group.packet(index, { packetId: PacketId.commit, data })
    }
    // A signature that is none.
    const body = group.voteBody('commit', 2, proposal)
    const forged = encodeBody({ ...body, signature: new Uint8Array(65) })
    group.packet(2, { packetId: PacketId.commit, data: forged })
    await group.pass(50)
    expect(group.committed).toEqual([])
  })

  it('messages from outside the committee', async () => {
    const group = await puppets()
    const stranger = 7
    group.cluster.network.attach(stranger, () => {})
    const proposal = group.proposal(LEADER, [group.transaction()])
    const body = group.voteBody('sign', 2, proposal)
    const before = group.node().engine.status()
    group.packet(stranger, { packetId: PacketId.sign, data: encodeBody(body) })
    group.raw(stranger, 99, new Uint8Array(5))
    await group.pass(50)
    expect(group.node().engine.status()).toEqual(before)
  })

  it('a flood: it costs the sender’s own messages, not those of others', async () => {
    const group = await puppets()
    const proposal = group.proposal(LEADER, [group.transaction()])
    for (let i = 0; i < 2 * PEER_MESSAGES_MAX; i++) {
      group.raw(3, PbftPacketType.packet, new Uint8Array(10))
    }
    group.prepare(LEADER, proposal)
    await group.pass(100)
    expect(group.votes()).toEqual(['sign 0'])
  })
})

describe('a busy engine', () => {
  /** Events of the world while a round is played in which each check of a signature takes so long. */
  const eventsOfRound = async (checkMs: number): Promise<number> => {
    let spentMs = 0
    const group = await puppets({
      alterHost: (host) => ({
        ...host,
        clock: { nowMs: () => host.clock.nowMs() + spentMs },
        suite: {
          ...host.suite,
          verify: (...parts) => {
            spentMs += checkMs
            return host.suite.verify(...parts)
          },
        },
      }),
    })
    const { world } = group.cluster
    const before = world.events
    const proposal = group.proposal(LEADER, [group.transaction()])
    group.prepare(LEADER, proposal)
    for (const index of [0, 2, 3]) {
      group.vote('sign', index, proposal)
      group.vote('commit', index, proposal)
    }
    await group.pass(100)
    expect(group.committed).toHaveLength(1)
    return world.events - before
  }

  it('gives way to the rest of the node, again and again', async () => {
    const idle = await eventsOfRound(0)
    const busy = await eventsOfRound(6)
    // Two checks of a message are longer than a turn. Five messages are looked at before the block is decided.
    expect(busy - idle).toBeGreaterThanOrEqual(5)
  })
})

describe('the clock', () => {
  it('may be set back by an hour: a silent leader is still left within seconds', async () => {
    let backMs = 0
    const group = await puppets({
      alterHost: (host) => ({
        ...host,
        clock: { nowMs: () => host.clock.nowMs() - backMs },
      }),
    })
    await group.pass(1000)
    backMs = 3_600_000
    group.viewChange(2, 1)
    await group.pass(3100)
    expect(group.votes()).toEqual(['view-change 1'])
  })
})

describe('passing on', () => {
  it('names the sealers it cannot reach', async () => {
    const group = await puppets()
    cut(group, 1, 3)
    await group.pass(3100)
    const payload = group.payloads(PbftPacketType.packet, 2).at(-1)
    expect(payload && decodeEnvelope(payload).forward).toEqual([group.identities[3]?.nodeId])
    expect(group.payloads(PbftPacketType.packet, 3)).toEqual([])
  })

  it('passes a vote on to those that its sender names, once', async () => {
    const group = await puppets()
    const proposal = group.proposal(LEADER, [group.transaction()])
    const data = encodeBody(group.voteBody('sign', 2, proposal))
    const forward = [group.identities[3]?.nodeId ?? '', 'ab'.repeat(64)]
    group.packet(2, { packetId: PacketId.sign, data, forward })
    group.packet(2, { packetId: PacketId.sign, data, forward })
    await group.pass(50)
    const passed = group.payloads(PbftPacketType.packet, 3).map(decodeEnvelope)
    expect(passed).toEqual([
      { packetId: PacketId.sign, ttl: 1, isEmptyBlock: false, data, forward: [] },
    ])
    expect(group.sent.filter(({ to }) => to !== 3)).toEqual([])
  })

  it('floods a packet of the plain form while its ttl lasts', async () => {
    const group = await puppets()
    const proposal = group.proposal(LEADER, [group.transaction()])
    const plain = (index: number, ttl: number): void => {
      const data = encodeBody(group.voteBody('sign', index, proposal))
      group.packet(index, { packetId: PacketId.sign, data, ttl, forward: undefined })
    }
    plain(2, 2)
    plain(3, 1)
    await group.pass(50)
    expect(group.sent.map(({ to, message }) => [to, envelopeOf(message)?.ttl])).toEqual(
      expect.arrayContaining([
        [0, 1],
        [3, 1],
      ]),
    )
    expect(group.sent).toHaveLength(2)
  })

  it('counts what was passed on only when its owner cannot come himself', async () => {
    const group = await puppets()
    const proposal = group.proposal(LEADER, [group.transaction()])
    group.prepare(LEADER, proposal)
    group.vote('sign', 0, proposal)
    const data = encodeBody(group.voteBody('sign', 3, proposal))
    group.packet(2, { packetId: PacketId.sign, data })
    await group.pass(50)
    expect(group.votes()).toEqual(['sign 0'])
    cut(group, 1, 3)
    group.packet(2, { packetId: PacketId.sign, data })
    await group.pass(50)
    expect(group.votes()).toEqual(['sign 0', 'commit 0'])
  })
})

describe('a block that cannot be executed', () => {
  it('gets no vote', async () => {
    const group = await puppets({
      alterHost: (host) => ({
        ...host,
        executor: {
          execute: () => {
            throw new BcosError('EXECUTOR_INVALID_BLOCK', 'gas', { details: {} })
          },
        },
      }),
    })
    group.prepare(LEADER, group.proposal(LEADER, [group.transaction()]))
    await group.pass(50)
    expect(group.votes()).toEqual([])
    expect(group.failures).toEqual([])
  })

  it('stops the node when the executor itself is broken', async () => {
    const broken = new TypeError('undefined is not a function')
    const group = await puppets({
      alterHost: (host) => ({
        ...host,
        executor: {
          execute: () => {
            throw broken
          },
        },
      }),
    })
    group.prepare(LEADER, group.proposal(LEADER, [group.transaction()]))
    await group.pass(50)
    expect(group.failures).toEqual([broken])
  })
})

describe('timestamps', () => {
  it('are bound to what a message means', async () => {
    const bonds = (await timestamps(true)).map(bondOf)
    expect(bonds.length).toBeGreaterThan(0)
    expect(bonds).not.toContain(undefined)
  })

  it('are the plain clock when a group wants the bytes of the reference', async () => {
    const plain = await timestamps(false)
    expect(plain.length).toBeGreaterThan(0)
    expect(plain.every((timestamp) => timestamp < 2n ** 64n)).toBe(true)
  })
})

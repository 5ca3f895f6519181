import { isBcosError, systemClock, type Clock } from '@bcos-ts/common'
import { EventCode } from '@bcos-ts/protocol/channel'
import { type EventRefusedError, NoConnectionError, type RpcError } from '../errors.ts'
import { readList, readNumber } from '../json/read.ts'
import type { PushingTransport, PushTransport, Transport } from '../transport.ts'
import { FailoverPush } from './failover-push.ts'
import { Member } from './member.ts'

export interface FailoverOptions {
  readonly clock?: Clock
}

/** A node that failed is tried last for so long. */
const PENALTY_MS = 5000
/** Which groups a node has, and how far it is, is asked again after this. */
const KNOWLEDGE_MS = 10_000
/** A node that lags further is used only when no other is there. */
const LAG_MAX = 3

/** Refusals that another node may not share: no such group, not a member, not ready. */
const NOT_HERE: ReadonlySet<number> = new Set([-40_001, -40_009, -40_010])

/** Methods that change something: one of these may be tried elsewhere only when no node has seen it. */
const CHANGES: ReadonlySet<string> = new Set([
  'sendRawTransaction',
  'sendRawTransactionAndGetProof',
  'addPeers',
  'erasePeers',
  'generateGroup',
  'startGroup',
  'stopGroup',
  'removeGroup',
  'recoverGroup',
])

/** Methods about one node: their first parameter, if any, names no group that must run there. */
const OF_NODE: ReadonlySet<string> = new Set([
  'getClientVersion',
  'getNodeInfo',
  'getPeers',
  'getNodeIDList',
  'getGroupList',
  'queryPeers',
  'addPeers',
  'erasePeers',
  'generateGroup',
  'startGroup',
  'stopGroup',
  'removeGroup',
  'recoverGroup',
  'queryGroupStatus',
  'rpc_modules',
])

/**
 * Several nodes as one. Requests go to the first that works, has the group and is not behind the others; when it
 * gives no answer they go to the next, unless that could do something twice.
 */
export function failoverTransport(
  transports: readonly PushingTransport[],
  options?: FailoverOptions,
): PushingTransport
export function failoverTransport(
  transports: readonly Transport[],
  options?: FailoverOptions,
): Transport
export function failoverTransport(
  transports: readonly Transport[],
  options: FailoverOptions = {},
): Transport {
  return new Failover(transports, options)
}

class Failover implements Transport {
  readonly push?: PushTransport
  readonly #members: readonly Member[]
  readonly #clock: Clock
  /** Groups that were asked for. */
  readonly #groups = new Set<number>()

  constructor(transports: readonly Transport[], { clock = systemClock }: FailoverOptions) {
    this.#members = transports.map((transport) => new Member(transport))
    this.#clock = clock
    if (transports.every(({ push }) => push !== undefined)) {
      this.push = new FailoverPush(this.#members, (groupId, isChange, run) =>
        this.#tryEach({ groupId, isChange }, run),
      )
    }
  }

  request(method: string, params: readonly unknown[]): Promise<unknown> {
    const [first] = params
    const groupId = OF_NODE.has(method) || typeof first !== 'number' ? undefined : first
    const isChange = CHANGES.has(method)
    return this.#tryEach({ groupId, isChange }, async (member) => {
      const result = await member.transport.request(method, params)
      if (method === 'getBlockNumber' && groupId !== undefined) {
        member.learnHeight(groupId, readNumber(method, result))
      }
      return result
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(({ transport }) => transport.close()))
  }

  async #tryEach<T>(
    { groupId, isChange }: { readonly groupId: number | undefined; readonly isChange: boolean },
    run: (member: Member) => Promise<T>,
  ): Promise<T> {
    if (groupId !== undefined) await this.#learn(groupId)
    let lastError: unknown = new NoConnectionError('(no node)', 'no node was given', {
      wasSent: false,
    })
    for (const member of this.#inOrder(groupId)) {
      try {
        return await run(member)
      } catch (error) {
        lastError = error
        if (!this.#mayGoOn(member, error, isChange)) throw error
      }
    }
    throw lastError
  }

  /** Notes what an error says about a node; whether the next may be tried. */
  #mayGoOn(member: Member, error: unknown, isChange: boolean): boolean {
    if (isBcosError<NoConnectionError>(error, 'SDK_NO_CONNECTION')) {
      member.failedAtMs = this.#clock.nowMs()
      return !isChange || !error.details.wasSent
    }
    if (isBcosError<EventRefusedError>(error, 'SDK_EVENT_REFUSED')) {
      return error.details.eventCode === EventCode.groupNotFound
    }
    return isBcosError<RpcError>(error, 'SDK_RPC_ERROR') && NOT_HERE.has(error.details.rpcCode)
  }

  /** Those that work, then those that lag, then those that just failed; each in the order of the caller. */
  #inOrder(groupId: number | undefined): Member[] {
    const nowMs = this.#clock.nowMs()
    const heightOf = (member: Member): number =>
      groupId === undefined ? 0 : (member.heights.get(groupId) ?? 0)
    const highest = Math.max(0, ...this.#members.map(heightOf))
    const rank = (member: Member): number => {
      if (nowMs - member.failedAtMs < PENALTY_MS) return 3
      if (groupId === undefined) return 0
      if (member.groups?.has(groupId) === false) return 2
      return member.heights.has(groupId) && highest - heightOf(member) > LAG_MAX ? 1 : 0
    }
    return this.#members.toSorted((a, b) => rank(a) - rank(b))
  }

  /**
   * Asks all nodes what they have, now and then. The first time one answer is waited for; after that what is known
   * serves until the answers are there.
   */
  async #learn(groupId: number): Promise<void> {
    if (this.#members.length < 2) return
    const nowMs = this.#clock.nowMs()
    const isNew = !this.#groups.has(groupId)
    this.#groups.add(groupId)
    const answers = this.#members
      .filter(({ askedAtMs }) => isNew || nowMs - askedAtMs > KNOWLEDGE_MS)
      .map((member) => this.#ask(member))
    // When nobody answers, the request itself finds out.
    const first = Promise.any(answers).catch(() => {})
    if (isNew) await first
  }

  async #ask(member: Member): Promise<void> {
    member.askedAtMs = this.#clock.nowMs()
    try {
      const groups = await member.transport.request('getGroupList', [])
      member.groups = new Set(readList('getGroupList', groups, readNumber))
      for (const groupId of this.#groups) {
        if (!member.groups.has(groupId)) continue
        const height = await member.transport.request('getBlockNumber', [groupId])
        member.learnHeight(groupId, readNumber('getBlockNumber', height))
      }
    } catch (error) {
      if (isBcosError(error, 'SDK_NO_CONNECTION')) member.failedAtMs = this.#clock.nowMs()
      throw error
    }
  }
}

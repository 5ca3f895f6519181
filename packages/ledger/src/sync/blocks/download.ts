/**
 * Which blocks to ask of whom, and what to make of the answers (spec 04 §4.5, §4.7, §4.10).
 * @module
 */
import type { NodeId } from '@bcos-ts/protocol'
import { type Moment, shuffled } from '../group-view.ts'
import { withClaim } from './claims.ts'
import {
  type BlockCandidate,
  type BlockSyncEffect,
  type BlockSyncState,
  type BlockSyncTransition,
  LAPSED_MAX,
  QUEUE_BLOCKS_MAX,
  type Shard,
  SHARD_BLOCKS_MAX,
  SHARDS_MAX,
} from './state.ts'
import { avoid, type Source } from './trust.ts'

/** How long a request may stay without its answer. */
const ANSWER_MS = 6400
const ANSWER_BLOCK_MS = 200
/** Bytes that one request should bring. */
const SHARD_BYTES = 8_388_608
/** How much the latest block moves the average size. */
const AVERAGE_WEIGHT = 0.1

/** Blocks of a peer: those that it was asked for wait in the queue, others are ignored. */
export function receive(
  state: BlockSyncState,
  from: NodeId,
  blocks: readonly BlockCandidate[],
): BlockSyncState {
  const asked = [...state.shards, ...state.lapsed].filter(({ peer }) => peer === from)
  const queue = new Map(state.queue)
  let { queueBytes, averageBytes, claims } = state
  const answered = new Set<number>()
  for (const candidate of blocks) {
    const { number, bytes } = candidate
    if (!isAsked(asked, number)) continue
    averageBytes = averaged(averageBytes, bytes.length)
    answered.add(number)
    claims = withClaim(state.head, claims, candidate)
    if (!hasRoom(state, queue, { number, bytes: queueBytes + bytes.length })) continue
    queue.set(number, candidate)
    queueBytes += bytes.length
  }
  if (answered.size === 0) return state
  const shards = state.shards.map((shard) =>
    shard.peer === from ? { ...shard, isAnswered: true } : shard,
  )
  return completeShards({ ...state, queue, queueBytes, averageBytes, claims, shards }, answered)
}

/** The very next block always has room: without it nothing would move. */
function hasRoom(
  { head, options, applying, halt }: BlockSyncState,
  queue: ReadonlyMap<number, BlockCandidate>,
  { number, bytes }: { readonly number: number; readonly bytes: number },
): boolean {
  if (number <= head.number || number === applying?.candidate.number) return false
  if (queue.has(number)) return false
  if (number === head.number + 1) return true
  if (halt !== undefined) return false
  return number <= head.number + QUEUE_BLOCKS_MAX && bytes <= options.queueBytesMax
}

function averaged(average: number, bytes: number): number {
  return average === 0 ? bytes : average + (bytes - average) * AVERAGE_WEIGHT
}

/** A request of which every block has come is done, and the next one may be larger. */
function completeShards(state: BlockSyncState, answered: ReadonlySet<number>): BlockSyncState {
  const shards = state.shards.filter((shard) => !shard.isAnswered || lacks(state, shard, answered))
  if (shards.length === state.shards.length) return state
  const shardBlocks = Math.min(SHARD_BLOCKS_MAX, state.shardBlocks * 2)
  return { ...state, shards, shardBlocks }
}

const NOTHING: ReadonlySet<number> = new Set()

/** Whether some block of the request has not come. */
function lacks(
  state: BlockSyncState,
  { first, last }: Shard,
  answered: ReadonlySet<number> = NOTHING,
): boolean {
  for (let number = first; number <= last; number++) {
    if (isMissing(state, number) && !answered.has(number)) return true
  }
  return false
}

function isAsked(shards: readonly Shard[], number: number): boolean {
  return shards.some(({ first, last }) => first <= number && number <= last)
}

function isMissing({ head, queue, applying }: BlockSyncState, number: number): boolean {
  return number > head.number && number !== applying?.candidate.number && !queue.has(number)
}

export function deadline(
  { first, last }: Pick<Shard, 'first' | 'last'>,
  { nowMs }: Moment,
): number {
  return nowMs + ANSWER_MS + ANSWER_BLOCK_MS * (last - first + 1)
}

/** Gives up requests whose time is over: smaller ones follow, to others first. */
export function lapse(state: BlockSyncState, { nowMs }: Moment): BlockSyncTransition {
  const over = state.shards.filter(({ deadlineMs }) => deadlineMs <= nowMs)
  if (over.length === 0) return { state, effects: [] }
  const effects: BlockSyncEffect[] = []
  let next: BlockSyncState = {
    ...state,
    shards: state.shards.filter((shard) => !over.includes(shard)),
    lapsed: [...state.lapsed, ...over].slice(-LAPSED_MAX),
    shardBlocks: Math.max(1, Math.floor(state.shardBlocks / 2)),
  }
  for (const shard of over) {
    const { peer, first, last } = shard
    // Consensus may have brought the blocks; but a peer that claims them must have sent them too.
    if (shard.isAnswered && !lacks(state, shard)) continue
    const reason = `no full answer to a request for blocks ${first} to ${last}`
    const avoided = avoid(next, { peer, isLie: false, reason, nowMs })
    next = avoided.state
    effects.push(...avoided.effects)
  }
  return { state: next, effects }
}

/** Asks for what is missing up to `target`, each idle source for one range. */
export function request(
  state: BlockSyncState,
  found: readonly Source[],
  { target, moment }: { readonly target: number; readonly moment: Moment },
): BlockSyncTransition {
  const busy = new Set(state.shards.map(({ peer }) => peer))
  const idle = shuffled(found, moment.dice)
    .filter(({ peer }) => !busy.has(peer))
    .toSorted((a, b) => a.offences - b.offences)
  const last = Math.min(target, state.head.number + QUEUE_BLOCKS_MAX)
  const shards = [...state.shards]
  const effects: BlockSyncEffect[] = []
  let from = nextMissing(state, shards, { from: state.head.number + 1, last })
  while (from !== undefined && shards.length < SHARDS_MAX && idle.length > 0) {
    const start = from
    const place = idle.findIndex(({ latest }) => latest.number >= start)
    const [source] = place < 0 ? [] : idle.splice(place, 1)
    const size = shardSize(state, shards, start)
    if (source === undefined || size === 0) break
    const end = runEnd(state, shards, {
      from: start,
      last: Math.min(start + size - 1, last, source.latest.number),
    })
    const range = { first: start, last: end }
    const { peer } = source
    shards.push({ peer, ...range, deadlineMs: deadline(range, moment), isAnswered: false })
    effects.push({ type: 'requestBlocks', to: peer, from: start, count: end - start + 1 })
    from = nextMissing(state, shards, { from: end + 1, last })
  }
  return { state: effects.length === 0 ? state : { ...state, shards }, effects }
}

interface Stretch {
  readonly from: number
  readonly last: number
}

function nextMissing(
  state: BlockSyncState,
  shards: readonly Shard[],
  { from, last }: Stretch,
): number | undefined {
  for (let number = from; number <= last; number++) {
    if (isMissing(state, number) && !isAsked(shards, number)) return number
  }
  return undefined
}

/** The end of the stretch of missing blocks that begins at `from`. */
function runEnd(state: BlockSyncState, shards: readonly Shard[], { from, last }: Stretch): number {
  let end = from
  while (end < last && isMissing(state, end + 1) && !isAsked(shards, end + 1)) end++
  return end
}

/** Blocks of a request that begins at `start`: none when there is no room for them. */
function shardSize(state: BlockSyncState, shards: readonly Shard[], start: number): number {
  const { averageBytes, shardBlocks, options, queueBytes, head } = state
  if (averageBytes === 0) return shardBlocks
  let underWay = 0
  for (const { first, last } of shards) underWay += (last - first + 1) * averageBytes
  const free = Math.floor((options.queueBytesMax - queueBytes - underWay) / averageBytes)
  const fitting = Math.min(shardBlocks, Math.floor(SHARD_BYTES / averageBytes), free)
  const least = start === head.number + 1 || free > 0 ? 1 : 0
  return Math.max(least, fitting)
}

import { type Clock, toHex } from '@bcos-ts/common'
import type { HashText, NodeId } from '@bcos-ts/protocol'
import type { BlockStore } from '@bcos-ts/protocol/ports'
import type { SyncPacket } from '../packet.ts'
import { type ListedRow, listRows } from './row-list.ts'
import type { WrittenBlocks } from './written-blocks.ts'

/** Of one answer; a larger row goes alone. */
const ANSWER_BYTES = 1_048_576
const ANSWER_ROWS = 4096
/** A peer is answered so often; who asks faster is not answered. */
const PAUSE_MS = 50
/** What a row takes beside its names and values. */
const ROW_BYTES = 32

export interface RowServerComponents {
  readonly chain: Pick<BlockStore, 'hashOf'>
  readonly written: WrittenBlocks
  readonly clock: Clock
  readonly send: (to: NodeId, packet: SyncPacket) => void
  readonly mayServe: (bytes: number) => boolean
}

type Request = Extract<SyncPacket, { readonly type: 'rowsRequest' }>

/** Tells peers of this implementation what one of the latest blocks wrote, a piece at a time. */
export class RowServer {
  readonly #components: RowServerComponents
  readonly #answeredMs = new Map<NodeId, number>()
  /** The list that was asked for last: who asks for a piece mostly asks for the next one. */
  #listed: { readonly hash: HashText; readonly rows: readonly ListedRow[] } | undefined

  constructor(components: RowServerComponents) {
    this.#components = components
  }

  request(from: NodeId, { number, hash, start }: Request): void {
    const { clock, mayServe, send } = this.#components
    const nowMs = clock.nowMs()
    if (nowMs - (this.#answeredMs.get(from) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) return
    this.#answeredMs.set(from, nowMs)
    const all = this.#rowsOf(number, hash)
    const { rows, bytes } = pieceOf(all, start)
    if (!mayServe(bytes)) return
    send(from, { type: 'rows', number, hash, start, total: all.length, rows })
  }

  forget(peer: NodeId): void {
    this.#answeredMs.delete(peer)
  }

  #rowsOf(number: number, hash: HashText): readonly ListedRow[] {
    if (this.#listed?.hash === hash) return this.#listed.rows
    const { chain, written } = this.#components
    const own = chain.hashOf(number)
    if (own === undefined || toHex(own) !== hash) return []
    const rows = listRows(written.rowsOf(number) ?? [])
    this.#listed = { hash, rows }
    return rows
  }
}

function pieceOf(
  all: readonly ListedRow[],
  start: number,
): { readonly rows: readonly ListedRow[]; readonly bytes: number } {
  let bytes = 0
  let end = start
  for (; end < all.length && end - start < ANSWER_ROWS; end++) {
    const size = listedRowBytes(all[end])
    if (end > start && bytes + size > ANSWER_BYTES) break
    bytes += size
  }
  return { rows: all.slice(start, end), bytes }
}

/** Roughly what a row takes in memory and in a packet. */
export function listedRowBytes(listed: ListedRow | undefined): number {
  if (listed === undefined) return 0
  let bytes = ROW_BYTES + listed.table.length + listed.keyField.length
  for (const [name, value] of listed.row?.fields ?? []) bytes += name.length + value.length
  return bytes
}

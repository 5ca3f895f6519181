import { equalBytes, type Timers } from '@bcos-ts/common'
import type { CryptoSuite, HashText, NodeId } from '@bcos-ts/protocol'
import type { HashedRows } from '@bcos-ts/protocol/ports'
import type { SyncPacket } from '../packet.ts'
import { type ListedRow, stateRootOf, tablesOf } from './row-list.ts'
import { listedRowBytes } from './row-server.ts'

const ANSWER_MS = 5000
/** Between two pieces: the other side answers no faster. */
const NEXT_MS = 100
/** Nodes that show only later who they are get another chance, so often and after so long. */
const ROUNDS_MAX = 6
const ROUND_MS = 10_000
/** What is taken of one peer. */
const ROWS_MAX = 1_000_000
const BYTES_MAX = 134_217_728

export interface RowAskerComponents {
  readonly suite: CryptoSuite
  readonly timers: Timers
  readonly send: (to: NodeId, packet: SyncPacket) => void
  /** Peers that understand the request. */
  readonly kin: () => readonly NodeId[]
}

/** The block whose rows are wanted. */
export interface RowsWanted {
  readonly number: number
  readonly hash: HashText
  readonly stateRoot: Uint8Array
}

export type RowsFound =
  | { readonly type: 'found'; readonly peer: NodeId; readonly tables: readonly HashedRows[] }
  | { readonly type: 'none'; readonly asked: number; readonly liars: readonly NodeId[] }

type Piece = Extract<SyncPacket, { readonly type: 'rows' }>

interface Search {
  readonly wanted: RowsWanted
  readonly onEnd: (found: RowsFound) => void
  readonly asked: Set<NodeId>
  readonly liars: NodeId[]
  round: number
  peer: NodeId | undefined
  rows: ListedRow[]
  bytes: number
  cancel: () => void
}

/**
 * Fetches what a block wrote from peers of this implementation, one after the other, until the rows of one hash to the
 * state root that the group has signed. Whoever sends other rows is believed nothing.
 */
export class RowAsker {
  readonly #components: RowAskerComponents
  #search: Search | undefined

  constructor(components: RowAskerComponents) {
    this.#components = components
  }

  ask(wanted: RowsWanted, onEnd: (found: RowsFound) => void): void {
    this.stop()
    this.#search = {
      wanted,
      onEnd,
      asked: new Set(),
      liars: [],
      round: 0,
      peer: undefined,
      rows: [],
      bytes: 0,
      cancel: () => {},
    }
    this.#next(this.#search)
  }

  stop(): void {
    this.#search?.cancel()
    this.#search = undefined
  }

  onRows(from: NodeId, piece: Piece): void {
    const search = this.#search
    if (search === undefined || search.peer !== from) return
    const { wanted, rows } = search
    const isNext = piece.hash === wanted.hash && piece.start === rows.length
    if (!isNext) return
    search.cancel()
    rows.push(...piece.rows)
    for (const row of piece.rows) search.bytes += listedRowBytes(row)
    const isTooMuch = piece.total > ROWS_MAX || search.bytes > BYTES_MAX
    if (piece.rows.length === 0 || rows.length > piece.total || isTooMuch) {
      return this.#next(search)
    }
    if (rows.length < piece.total) {
      search.cancel = this.#components.timers.after(NEXT_MS, () => this.#request(search, from))
      return undefined
    }
    const tables = tablesOf(rows)
    if (equalBytes(stateRootOf(tables, this.#components.suite), wanted.stateRoot)) {
      return this.#end(search, { type: 'found', peer: from, tables })
    }
    search.liars.push(from)
    return this.#next(search)
  }

  #next(search: Search): void {
    search.rows = []
    search.bytes = 0
    search.peer = this.#components.kin().find((id) => !search.asked.has(id))
    if (search.peer !== undefined) {
      search.asked.add(search.peer)
      return this.#request(search, search.peer)
    }
    search.round += 1
    if (search.round >= ROUNDS_MAX) {
      const { asked, liars } = search
      return this.#end(search, { type: 'none', asked: asked.size, liars })
    }
    search.cancel = this.#components.timers.after(ROUND_MS, () => this.#next(search))
    return undefined
  }

  #request(search: Search, peer: NodeId): void {
    const { number, hash } = search.wanted
    const start = search.rows.length
    search.cancel = this.#components.timers.after(ANSWER_MS, () => this.#next(search))
    this.#components.send(peer, { type: 'rowsRequest', number, hash, start })
  }

  #end(search: Search, found: RowsFound): void {
    this.#search = undefined
    search.onEnd(found)
  }
}

import { type Clock, equalBytes, type Logger, type Timers } from '@bcos-ts/common'
import type { CryptoSuite, NodeId } from '@bcos-ts/protocol'
import type { BlockExecutor, ExecutionDifference } from '@bcos-ts/protocol/ports'
import type { DifferingBlock } from '../blocks/import-block.ts'
import type { SyncPacket } from '../packet.ts'
import { compareRows } from './compare-rows.ts'
import { type Described, describeDifference } from './describe.ts'
import { RowAsker, type RowsFound } from './row-asker.ts'

/** Keeps what is found, and gives it back as it is kept: with its place, and with what was known before. */
export type KeepDifference = (difference: ExecutionDifference) => ExecutionDifference

export interface DifferenceDeskComponents {
  readonly suite: CryptoSuite
  readonly executor: Pick<BlockExecutor, 'trace'>
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
  readonly send: (to: NodeId, packet: SyncPacket) => void
  readonly kin: () => readonly NodeId[]
  readonly keep: KeepDifference
}

const EQUAL_ROOTS = 'not compared: the state roots are equal, and so are the rows'
const UNABLE = 'not compared: the tables of this node cannot tell their rows'
const ASKING = 'nodes of this implementation are being asked for what the block wrote there'
const NOBODY =
  'none: no node of this implementation that still knows what the block wrote could be asked; ' +
  'compare with the data folder of another node (bcos-ts difference --with)'

/** Makes the report on a block that has another result here, and completes it by the rows of a peer. */
export class DifferenceDesk {
  readonly #components: DifferenceDeskComponents
  readonly #asker: RowAsker
  #current: ExecutionDifference | undefined

  constructor(components: DifferenceDeskComponents) {
    this.#components = components
    this.#asker = new RowAsker(components)
  }

  get current(): ExecutionDifference | undefined {
    return this.#current
  }

  open(found: DifferingBlock, from: NodeId): void {
    const { suite, executor, clock } = this.#components
    const atMs = clock.nowMs()
    const described = describeDifference(found, { suite, executor, from, atMs })
    const { block, own } = found
    const isEqual = equalBytes(block.header.stateRoot, own.block.header.stateRoot)
    const isAble = own.tables.hashedRows !== undefined
    const rows = isEqual ? EQUAL_ROOTS : isAble ? ASKING : UNABLE
    this.#keep({ ...described.difference, rows })
    if (isEqual || !isAble) return
    const { height: number, expectedHash: hash } = described.difference
    const { stateRoot } = block.header
    this.#asker.ask({ number, hash, stateRoot }, (answer) =>
      this.#conclude(described, found, answer),
    )
  }

  onRows(from: NodeId, piece: Extract<SyncPacket, { readonly type: 'rows' }>): void {
    this.#asker.onRows(from, piece)
  }

  close(): void {
    this.stop()
    this.#current = undefined
  }

  stop(): void {
    this.#asker.stop()
  }

  #conclude({ difference, ...told }: Described, { own }: DifferingBlock, found: RowsFound): void {
    if (found.type === 'none') {
      const lied = found.liars.map((id) => `${id.slice(0, 8)}…`).join(', ')
      const liars =
        lied === '' ? '' : `; rows of ${lied} do not hash to the state root of the block`
      return this.#keep({ ...difference, rows: `${NOBODY}${liars}` })
    }
    const { suite, logger } = this.#components
    const sides = { expected: found.tables, own: own.tables.hashedRows?.() ?? [] }
    const { first, count } = compareRows(sides, { ...told, suite })
    const rows = `compared with node ${found.peer.slice(0, 8)}…, whose rows hash to the state root of the block`
    this.#keep({ ...difference, row: first, differingRows: count, rows })
    logger.error('the first row that differs is known', {
      number: difference.height,
      table: first?.table,
      key: first?.key,
      field: first?.fields[0]?.field,
    })
  }

  #keep(difference: ExecutionDifference): void {
    this.#current = this.#components.keep(difference)
  }
}

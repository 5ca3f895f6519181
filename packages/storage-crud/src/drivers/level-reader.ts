import type { ByteText, Startable } from '@bcos-ts/common'
import type { StoredRow, TableStorage } from '@bcos-ts/protocol/ports'
import { ClassicLevel } from 'classic-level'
import { StorageNotOpenError } from '../errors.ts'
import { COMMITTED_KEY, placeBytes, readCommitted, rowsOf } from './level-format.ts'

/** The state after one block, whatever is committed meanwhile. */
export interface StateView extends Pick<TableStorage, 'select'> {
  close(): Promise<void>
}

/** Reads, in a thread of its own, a database that another thread of the process has opened and writes. */
export interface LevelReader extends Startable {
  /** The state after that block; `undefined` when the database is at another one. */
  at(blockNumber: number): StateView | undefined
}

/** The other thread must have opened it with `isShared`. */
export function createLevelReader(init: { readonly path: string }): LevelReader {
  return new Reader(init.path)
}

type Level = ClassicLevel<Uint8Array, Uint8Array>

const NONE: readonly StoredRow[] = []

class Reader implements LevelReader {
  readonly #path: string
  #level: Level | undefined

  constructor(path: string) {
    this.#path = path
  }

  async start(): Promise<void> {
    const level: Level = new ClassicLevel(this.#path, {
      keyEncoding: 'view',
      valueEncoding: 'view',
      createIfMissing: false,
      multithreading: true,
    })
    await level.open()
    this.#level = level
  }

  async stop(): Promise<void> {
    const level = this.#level
    this.#level = undefined
    await level?.close()
  }

  at(blockNumber: number): StateView | undefined {
    const level = this.#level
    if (level === undefined) throw new StorageNotOpenError('level')
    const snapshot = level.snapshot()
    const committed = level.getSync(COMMITTED_KEY, { snapshot })
    const isThere = committed !== undefined && readCommitted(committed) === blockNumber
    const view: StateView = {
      select(table: string, key: ByteText) {
        const value = level.getSync(placeBytes(table, key), { snapshot })
        return value === undefined ? NONE : rowsOf(table, value)
      },
      close: () => snapshot.close(),
    }
    if (isThere) return view
    void view.close()
    return undefined
  }
}

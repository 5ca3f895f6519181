import type { ByteText } from '@bcos-ts/common'
import type { Row } from './row.ts'
import type { Touches } from './touches.ts'

type Change =
  | { readonly type: 'insert'; readonly row: Row }
  | {
      readonly type: 'update'
      readonly row: Row
      readonly field: string
      readonly old: ByteText | undefined
    }
  | { readonly type: 'remove'; readonly row: Row }

/** How to undo what the running transaction has written, newest first. */
export class ChangeLog {
  /** What is touched, while somebody wants to know. */
  touches: Touches | undefined
  #changes: Change[] = []

  inserted(row: Row): void {
    this.#changes.push({ type: 'insert', row })
  }

  updated(row: Row, field: string): void {
    this.#changes.push({ type: 'update', row, field, old: row.get(field) })
  }

  removed(row: Row): void {
    this.#changes.push({ type: 'remove', row })
  }

  savepoint(): number {
    return this.#changes.length
  }

  clear(): void {
    if (this.#changes.length > 0) this.#changes = []
  }

  /**
   * What stays behind on purpose (spec 01 §9.2): the flag of the table, and a changed committed row among the
   * changed ones with its old values. A field that was absent comes back as an empty text.
   */
  rollback(savepoint: number): void {
    while (this.#changes.length > savepoint) {
      const change = this.#changes.pop()
      if (change === undefined) return
      switch (change.type) {
        case 'insert':
          change.row.isDiscarded = true
          break
        case 'update':
          change.row.write(change.field, change.old ?? '')
          break
        case 'remove':
          change.row.isRemoved = false
          break
      }
    }
  }
}

import type { Synchronizer } from '@bcos-ts/protocol/ports'

/** How far consensus may go, as synchronisation sees it. */
export class SyncView {
  readonly #sync: Pick<Synchronizer, 'isSyncing' | 'isFarBehind' | 'status' | 'difference'>

  constructor(sync: Pick<Synchronizer, 'isSyncing' | 'isFarBehind' | 'status' | 'difference'>) {
    this.#sync = sync
  }

  isSyncing(): boolean {
    return this.#sync.isSyncing() || this.#sync.isFarBehind()
  }

  /** Blocks up to here are left to synchronisation. */
  deferUpTo(): number {
    const sync = this.#sync
    if (sync.isFarBehind()) return Infinity
    return sync.isSyncing() ? sync.status().knownHighestNumber : -1
  }

  /**
   * The group has decided the next block, and it has another result here: whatever this node said of it would be said
   * of another state. It says nothing until a block of that height is added.
   */
  isHalted(): boolean {
    return this.#sync.difference?.() !== undefined
  }
}

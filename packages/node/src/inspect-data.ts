/**
 * A look at what a group has on disk, without running it.
 * @module
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { equalBytes, toHex } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { openBlockStore, OtherGenesisError } from '@bcos-ts/ledger'
import { genesisHash, type GenesisParameters } from '@bcos-ts/protocol'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'

/** Hash of block 0 that a genesis file makes on a standard chain, 64 hex digits. */
export function genesisHashOf(genesis: GenesisParameters): string {
  return toHex(genesisHash(genesis, standardSuite))
}

/**
 * Height of the chain in a data folder, `undefined` where there is none yet. Throws `STORAGE_OPEN_FAILED` when a
 * process uses it, `LEDGER_OTHER_GENESIS`, and what damaged data throw.
 */
export async function inspectData(
  genesis: GenesisParameters,
  dataFolder: string,
): Promise<number | undefined> {
  const path = join(dataFolder, 'block')
  if (!existsSync(path)) return undefined
  const storage = createLevelStorage({ path })
  await storage.start()
  try {
    if (storage.committedBlock() === undefined) return undefined
    const store = openBlockStore({ storage, suite: standardSuite })
    const configured = genesisHash(genesis, standardSuite)
    if (!equalBytes(store.genesisHash(), configured)) {
      throw new OtherGenesisError(toHex(store.genesisHash()), toHex(configured))
    }
    return store.height()
  } finally {
    await storage.stop()
  }
}

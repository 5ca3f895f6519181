import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TableStorage } from '@bcos-ts/protocol/ports'
import { cachedStorage, createMemoryStorage } from '@bcos-ts/storage-crud'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import { describeTableStorage, type TableStorageSetup } from '@bcos-ts/testing/compliance'

let memory: TableStorage

describeTableStorage('memory', {
  create: async () => (memory = createMemoryStorage()),
  // It forgets with the object: the object is what is opened again.
  reopen: async () => memory,
})

/** A driver on a folder. A process that dies leaves its folder as it is at that moment: a copy of it is opened. */
function onDisk(open: (path: string) => TableStorage): TableStorageSetup {
  let folder = ''
  let copies = 0
  const path = (): string => join(folder, `copy-${copies}`)
  return {
    create: async () => {
      folder = mkdtempSync(join(tmpdir(), 'bcos-ts-storage-'))
      return open(path())
    },
    reopen: async () => open(path()),
    crash: async () => {
      const left = path()
      copies += 1
      cpSync(left, path(), { recursive: true })
      rmSync(join(path(), 'LOCK'))
      return open(path())
    },
    dispose: async () => rmSync(folder, { recursive: true }),
  }
}

describeTableStorage(
  'LevelDB',
  onDisk((path) => createLevelStorage({ path })),
)

describeTableStorage(
  'LevelDB behind a cache with room for a few rows',
  onDisk((path) =>
    cachedStorage(createLevelStorage({ path }), { bytesMax: 16 * 600, entryBytesMax: 600 }),
  ),
)

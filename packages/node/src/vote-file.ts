import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Startable } from '@bcos-ts/common'

const SLOTS = 2
const LENGTH_BYTES = 4

/**
 * The votes of one node in one group, on disk. Two files take turns, so that a crash while one is written leaves
 * the other whole; each holds a length and the record.
 */
export class VoteFile implements Startable {
  readonly #paths: readonly string[]
  #files: readonly FileHandle[] = []
  #turn = 0

  constructor(folder: string) {
    this.#paths = Array.from({ length: SLOTS }, (_, slot) => join(folder, `votes.${slot}`))
  }

  async start(): Promise<void> {
    const [first = ''] = this.#paths
    mkdirSync(dirname(first), { recursive: true })
    this.#files = await Promise.all(
      this.#paths.map((path) => open(path, existsSync(path) ? 'r+' : 'w+')),
    )
    syncFolder(dirname(first))
  }

  async stop(): Promise<void> {
    const files = this.#files
    this.#files = []
    for (const file of files) await file.close()
  }

  /** Durable when it resolves; rejects when the disk refuses. */
  async persist(record: Uint8Array): Promise<void> {
    const file = this.#files[this.#turn]
    if (file === undefined) throw new TypeError('the vote file is not started')
    this.#turn = (this.#turn + 1) % SLOTS
    const bytes = new Uint8Array(LENGTH_BYTES + record.length)
    new DataView(bytes.buffer).setUint32(0, record.length)
    bytes.set(record, LENGTH_BYTES)
    await file.write(bytes, 0, bytes.length, 0)
    await file.datasync()
  }

  /** What the files hold; a record that was cut off in its middle is shorter than it was. */
  restore(): readonly Uint8Array[] {
    return this.#paths.filter((path) => existsSync(path)).flatMap((path) => readRecord(path))
  }
}

function readRecord(path: string): Uint8Array[] {
  const bytes = new Uint8Array(readFileSync(path))
  if (bytes.length < LENGTH_BYTES) return []
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  return [bytes.slice(LENGTH_BYTES, LENGTH_BYTES + length)]
}

/** A new file is only found again after a crash when its folder was synced too. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

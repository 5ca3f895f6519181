import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { equalBytes, type Startable } from '@bcos-ts/common'
import { syncFolder } from './durable-file.ts'

const SLOTS = 2
const COUNTER_BYTES = 8
const HEADER_BYTES = COUNTER_BYTES + 4
const CHECK_BYTES = 8

/**
 * The votes of one node in one group, on disk. Two files take turns, so that a crash while one is written leaves
 * the other whole; each holds a counter, a length, the record and a checksum. After a restart the first to be
 * written is the one that does not hold the newest record.
 */
export class VoteFile implements Startable {
  readonly #paths: readonly string[]
  #files: readonly FileHandle[] = []
  #turn = 0
  #counter = 0

  constructor(folder: string) {
    this.#paths = Array.from({ length: SLOTS }, (_, slot) => join(folder, `votes.${slot}`))
  }

  async start(): Promise<void> {
    const [first = ''] = this.#paths
    mkdirSync(dirname(first), { recursive: true })
    for (const [slot, path] of this.#paths.entries()) {
      const written = readSlot(path)
      if (!written?.isWhole || written.counter < this.#counter) continue
      this.#counter = written.counter
      this.#turn = (slot + 1) % SLOTS
    }
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
    this.#counter += 1
    const bytes = encodeSlot(this.#counter, record)
    const { bytesWritten } = await file.write(bytes, 0, bytes.length, 0)
    if (bytesWritten < bytes.length) {
      throw new Error(`the disk took ${bytesWritten} of ${bytes.length} bytes of a vote record`)
    }
    await file.datasync()
  }

  /** What the files hold; a record that was cut off in its middle is shorter than it was. */
  restore(): readonly Uint8Array[] {
    return this.#paths.flatMap((path) => readSlot(path)?.record ?? [])
  }
}

interface Slot {
  readonly counter: number
  readonly record: Uint8Array
  readonly isWhole: boolean
}

function encodeSlot(counter: number, record: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + record.length + CHECK_BYTES)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(counter))
  view.setUint32(COUNTER_BYTES, record.length)
  bytes.set(record, HEADER_BYTES)
  bytes.set(checkOf(bytes.subarray(0, -CHECK_BYTES)), HEADER_BYTES + record.length)
  return bytes
}

/** `undefined` for a file that is absent, or too short to hold anything. */
function readSlot(path: string): Slot | undefined {
  if (!existsSync(path)) return undefined
  const bytes = new Uint8Array(readFileSync(path))
  if (bytes.length < HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const end = HEADER_BYTES + view.getUint32(COUNTER_BYTES)
  return {
    counter: Number(view.getBigUint64(0)),
    record: bytes.slice(HEADER_BYTES, end),
    isWhole: equalBytes(checkOf(bytes.subarray(0, end)), bytes.subarray(end, end + CHECK_BYTES)),
  }
}

function checkOf(content: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(content).digest()).subarray(0, CHECK_BYTES)
}

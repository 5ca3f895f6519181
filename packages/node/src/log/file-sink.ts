import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Clock,
  LOG_LEVELS,
  type LogLevel,
  type LogRecord,
  type LogSink,
} from '@bcos-ts/common'
import sonicBoom from 'sonic-boom'
import { formatRecord, logFileName } from './format.ts'

// A CommonJS module whose names Node cannot see without running it.
const { SonicBoom } = sonicBoom

const HOUR_MS = 3_600_000
const BUFFER_BYTES = 4096

export interface FileSinkInit {
  /** Directory; created when absent. */
  readonly path: string
  readonly level: LogLevel
  /** A file that grows beyond this is closed, and another one begun. */
  readonly fileBytesMax: number
  /** Every record goes to the system at once; else in pieces of some kilobytes. */
  readonly isFlushed: boolean
  readonly clock: Clock
  /**
   * @default 'log'
   */
  readonly prefix?: string
}

/** Writes records into a file for each hour, in the order in which they come. */
export class FileSink implements LogSink {
  readonly #init: FileSinkInit
  readonly #threshold: number
  readonly #file: InstanceType<typeof SonicBoom>
  #hour: number
  #part = 0
  #bytes: number

  constructor(init: FileSinkInit) {
    this.#init = init
    this.#threshold = LOG_LEVELS.indexOf(init.level)
    mkdirSync(init.path, { recursive: true })
    const nowMs = init.clock.nowMs()
    this.#hour = Math.floor(nowMs / HOUR_MS)
    const dest = this.#name(nowMs)
    this.#bytes = existsSync(dest) ? statSync(dest).size : 0
    this.#file = new SonicBoom({
      dest,
      sync: true,
      minLength: init.isFlushed ? 0 : BUFFER_BYTES,
      append: true,
    })
  }

  isOn(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= this.#threshold
  }

  write(record: LogRecord): void {
    const nowMs = this.#init.clock.nowMs()
    this.#turnOver(nowMs)
    const line = formatRecord(record, nowMs)
    this.#bytes += line.length
    this.#file.write(line)
  }

  /** Everything written so far is with the system. */
  flush(): void {
    this.#file.flushSync()
  }

  close(): void {
    this.#file.flushSync()
    this.#file.end()
  }

  #turnOver(nowMs: number): void {
    const hour = Math.floor(nowMs / HOUR_MS)
    if (hour !== this.#hour) {
      this.#hour = hour
      this.#part = 0
    } else if (this.#bytes > this.#init.fileBytesMax) {
      this.#part += 1
    } else {
      return
    }
    this.#bytes = 0
    this.#file.flushSync()
    this.#file.reopen(this.#name(nowMs))
  }

  #name(nowMs: number): string {
    return join(this.#init.path, logFileName(this.#init.prefix ?? 'log', nowMs, this.#part))
  }
}

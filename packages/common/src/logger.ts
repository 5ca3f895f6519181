export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'

export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** Plain data beside a message. Never a secret: no key, password or data key may be a field. */
export type LogFields = Readonly<Record<string, string | number | bigint | boolean | undefined>>

/**
 * Where a part reports what it does. Ask {@link Logger.isOn} before building costly fields;
 * log per block, not per transaction.
 */
export interface Logger {
  isOn(level: LogLevel): boolean
  log(level: LogLevel, message: string, fields?: LogFields): void
  trace(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger whose records carry these badges in front, such as `g:1`, `CONSENSUS`, `PBFT`. */
  child(...badges: readonly string[]): Logger
}

/** What a logger writes to: badges, text and data of one record. */
export interface LogSink {
  isOn(level: LogLevel, badges: readonly string[]): boolean
  write(record: LogRecord): void
}

export interface LogRecord {
  readonly level: LogLevel
  readonly badges: readonly string[]
  readonly message: string
  readonly fields: LogFields
}

const NO_FIELDS: LogFields = {}

class SinkLogger implements Logger {
  readonly #sink: LogSink
  readonly #badges: readonly string[]

  constructor(sink: LogSink, badges: readonly string[]) {
    this.#sink = sink
    this.#badges = badges
  }

  isOn(level: LogLevel): boolean {
    return this.#sink.isOn(level, this.#badges)
  }

  log(level: LogLevel, message: string, fields: LogFields = NO_FIELDS): void {
    if (!this.isOn(level)) return
    this.#sink.write({ level, badges: this.#badges, message, fields })
  }

  trace(message: string, fields?: LogFields): void {
    this.log('trace', message, fields)
  }
  debug(message: string, fields?: LogFields): void {
    this.log('debug', message, fields)
  }
  info(message: string, fields?: LogFields): void {
    this.log('info', message, fields)
  }
  warn(message: string, fields?: LogFields): void {
    this.log('warn', message, fields)
  }
  error(message: string, fields?: LogFields): void {
    this.log('error', message, fields)
  }

  child(...badges: readonly string[]): Logger {
    return new SinkLogger(this.#sink, [...this.#badges, ...badges])
  }
}

export function createLogger(sink: LogSink): Logger {
  return new SinkLogger(sink, [])
}

export const silentLogger: Logger = createLogger({ isOn: () => false, write: () => {} })

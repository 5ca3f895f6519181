import { existsSync, rmSync } from 'node:fs'
import {
  every,
  isBcosError,
  type Logger,
  messageOf,
  type Startable,
  type Timers,
} from '@bcos-ts/common'

const LOOK_MS = 100

/** What to do when a file `config.ini.<name>` appears. */
export type SignalActions = Readonly<Record<string, () => void | Promise<void>>>

/**
 * Signals to a running node: an operator, or a script, makes a file beside `config.ini`; the node takes it away
 * and acts (spec 04 §12.3). An action that fails with a typed error leaves everything as it was, and says so in
 * the log.
 */
export class FileSignals implements Startable {
  readonly #signals: readonly (readonly [file: string, action: () => void | Promise<void>])[]
  readonly #timers: Timers
  readonly #log: Logger
  readonly #stuck = new Set<string>()
  #stop: () => void = () => {}

  constructor(
    configFile: string,
    actions: SignalActions,
    parts: { readonly timers: Timers; readonly logger: Logger },
  ) {
    this.#signals = Object.entries(actions).map(([name, action]) => [
      `${configFile}.${name}`,
      action,
    ])
    this.#timers = parts.timers
    this.#log = parts.logger.child('SIGNAL')
  }

  start(): void {
    this.#stop = every(this.#timers, LOOK_MS, () => this.#look())
  }

  stop(): void {
    this.#stop()
  }

  #look(): void {
    for (const [file, action] of this.#signals) {
      if (existsSync(file) && this.#take(file)) void this.#act(file, action)
    }
  }

  /** A file that stays would be acted on ten times a second. */
  #take(file: string): boolean {
    try {
      rmSync(file)
      return true
    } catch (error) {
      if (!this.#stuck.has(file)) {
        this.#log.error('Signal cannot be taken', { file, reason: messageOf(error) })
      }
      this.#stuck.add(file)
      return false
    }
  }

  async #act(file: string, action: () => void | Promise<void>): Promise<void> {
    this.#stuck.delete(file)
    this.#log.info('Signal', { file })
    try {
      await action()
    } catch (error) {
      if (!isBcosError(error)) throw error
      this.#log.error('Signal refused, nothing was changed', {
        file,
        code: error.code,
        reason: error.message,
      })
    }
  }
}

import { createInterface, type Interface } from 'node:readline'
import { messageOf } from '@bcos-ts/common'
import { EXIT_OK } from '../errors.ts'
import type { Terminal } from '../terminal.ts'
import { type CompletionSource, completionsOf } from './completion.ts'
import type { History } from './history.ts'
import type { Interpreter } from './interpreter.ts'
import { splitCommands } from './line.ts'
import type { Reporter } from './report.ts'
import type { Session } from './session.ts'

export interface ReplInit {
  readonly terminal: Terminal
  readonly session: Session
  readonly interpreter: Interpreter
  readonly reporter: Reporter
  readonly history: History
  readonly completion: CompletionSource
}

const HISTORY_MAX = 1000

type Completed = (error: null, result: [string[], string]) => void

/** Lines of a person at a terminal, one after the other, until `quit` or the end of the input. */
export class Repl {
  readonly #init: ReplInit
  /** Lines that came while a command ran, such as those of a text that was pasted. */
  readonly #waiting: string[] = []
  #past: string[] = []
  #readline: Interface | undefined
  #isEnded = false
  #isBusy = false
  #wake: (() => void) | undefined

  constructor(init: ReplInit) {
    this.#init = init
  }

  async run(): Promise<number> {
    this.#past = await this.#init.history.read()
    try {
      while (!this.#init.session.isOver) {
        const line = await this.#nextLine()
        if (line === undefined) break
        this.#isBusy = true
        await this.#runLine(line)
        this.#isBusy = false
      }
    } finally {
      this.#close()
    }
    return EXIT_OK
  }

  /** Lets somebody else read the terminal, such as a question for a password. */
  async withoutReading<T>(read: () => Promise<T>): Promise<T> {
    this.#close()
    return read()
  }

  async #runLine(line: string): Promise<void> {
    const { reporter, interpreter, session } = this.#init
    await this.#remember(line)
    try {
      for (const command of splitCommands(line)) {
        if (session.isOver) return
        reporter.result(command, await interpreter.run(command))
      }
    } catch (error) {
      reporter.failure(line, error)
    }
  }

  async #remember(line: string): Promise<void> {
    try {
      await this.#init.history.add(line)
    } catch (error) {
      this.#init.terminal.say(`the line is not kept: ${messageOf(error)}`)
    }
  }

  /** `undefined` at the end of the input. */
  async #nextLine(): Promise<string | undefined> {
    for (;;) {
      const line = this.#waiting.shift()
      if (line !== undefined) return line
      if (this.#isEnded) return undefined
      const readline = (this.#readline ??= this.#open())
      readline.setPrompt(`[group:${this.#init.session.groupId}]> `)
      readline.prompt()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #open(): Interface {
    const { terminal } = this.#init
    const readline = createInterface({
      input: terminal.input,
      output: terminal.output,
      terminal: true,
      history: [...this.#past],
      historySize: HISTORY_MAX,
      removeHistoryDuplicates: true,
      completer: (line: string, done: Completed): void => void this.#complete(line, done),
    })
    readline.on('line', (line) => {
      this.#waiting.push(line)
      this.#wake?.()
    })
    readline.on('history', (history) => {
      this.#past = history
    })
    readline.on('SIGINT', () => this.#onInterrupt(readline))
    readline.on('close', () => {
      // Closing it for a password is not the end of the input.
      if (this.#readline !== readline) return
      this.#isEnded = true
      this.#wake?.()
    })
    return readline
  }

  /** A Tab whose names cannot be had, such as those that a silent node knows, offers none. */
  async #complete(line: string, done: Completed): Promise<void> {
    const { interpreter, completion } = this.#init
    const found = await completionsOf(line, interpreter.commands, completion).catch(
      (): [string[], string] => [[], line],
    )
    done(null, found)
  }

  /** Ctrl-C ends what is waited for, else drops what is being typed, else tells how to leave. */
  #onInterrupt(readline: Interface): void {
    const { terminal, session } = this.#init
    if (this.#isBusy) return session.interrupt()
    if (readline.line === '') terminal.say('\nquit or Ctrl-D leaves')
    else terminal.say('')
    readline.write(null, { ctrl: true, name: 'u' })
    readline.write(null, { ctrl: true, name: 'k' })
    readline.prompt()
  }

  #close(): void {
    const readline = this.#readline
    this.#readline = undefined
    readline?.close()
  }
}

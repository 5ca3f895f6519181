import type { Readable, Writable } from 'node:stream'
import picocolors from 'picocolors'

type Colors = ReturnType<typeof picocolors.createColors>

/** Standard input: a terminal can be told not to show what is typed. */
export type InputStream = Readable & {
  readonly isTTY?: boolean
  setRawMode?(isRaw: boolean): unknown
}

export type OutputStream = Writable & { readonly isTTY?: boolean }

export interface TerminalInit {
  readonly input: InputStream
  readonly output: OutputStream
  readonly errors: OutputStream
  /**
   * Whether results may be coloured.
   * @default as the platform and the variables NO_COLOR and FORCE_COLOR say
   */
  readonly hasColors?: boolean
}

/** The streams of a command. Results go to standard output, everything said meanwhile to standard error. */
export class Terminal {
  readonly input: InputStream
  readonly output: OutputStream
  readonly errors: OutputStream
  readonly colors: Colors
  readonly errorColors: Colors
  #hasStatus = false

  constructor({ input, output, errors, hasColors }: TerminalInit) {
    this.input = input
    this.output = output
    this.errors = errors
    this.colors = picocolors.createColors(hasColors ?? picocolors.isColorSupported)
    this.errorColors = picocolors.createColors(this.colors.isColorSupported && isTty(errors))
  }

  /** A line of the result. */
  print(line: string): void {
    this.output.write(`${line}\n`)
  }

  /** A line beside the result. */
  say(line: string): void {
    this.clearStatus()
    this.errors.write(`${line}\n`)
  }

  /** Shows where a long command is: one line that changes on a terminal, a new line elsewhere. */
  status(text: string): void {
    if (!isTty(this.errors)) return this.say(text)
    this.errors.write(`\r\u001b[K${text}`)
    this.#hasStatus = true
  }

  /** Takes the changing line away. */
  clearStatus(): void {
    if (this.#hasStatus) this.errors.write('\r\u001b[K')
    this.#hasStatus = false
  }
}

export function isTty(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true
}

/** The streams of this process. */
export function processTerminal(): Terminal {
  return new Terminal({ input: process.stdin, output: process.stdout, errors: process.stderr })
}

import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UnwritableFileError } from '../errors.ts'
import { systemReasonOf } from '../files.ts'
import { nameOf } from './line.ts'

const LINES_MAX = 1000
/** Commands that deal with keys and passwords: nothing of them is kept. */
const SECRET: ReadonlySet<string> = new Set(['newaccount', 'loadaccount'])

/** Lines that were typed, kept from one console to the next. */
export class History {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The newest first, as readline wants them; none when nothing was kept. */
  async read(): Promise<string[]> {
    const text = await readFile(this.#file, 'utf8').catch(() => '')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .slice(-LINES_MAX)
      .toReversed()
  }

  /** Throws `CLI_FILE_UNWRITABLE`. */
  async add(line: string): Promise<void> {
    if (line.trim() === '' || isSecret(line)) return
    try {
      await mkdir(this.#folder, { recursive: true })
      await appendFile(this.#file, `${line}\n`, { mode: 0o600 })
    } catch (error) {
      throw new UnwritableFileError(this.#file, systemReasonOf(error), error)
    }
  }

  get #file(): string {
    return join(this.#folder, 'history')
  }
}

/** Whether a line names a command that deals with keys, wherever it stands in the line. */
function isSecret(line: string): boolean {
  return line.split(';').some((command) => SECRET.has(nameOf(command.trim()).toLowerCase()))
}

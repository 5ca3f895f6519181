import { NoPasswordError } from './errors.ts'
import { readText } from './files.ts'
import { isTty, type Terminal } from './terminal.ts'

const PASSWORD_LENGTH_MAX = 1024

const ENTER: ReadonlySet<string> = new Set(['\r', '\n', '\u0004'])
const ERASE: ReadonlySet<string> = new Set(['\u0008', '\u007f'])
const INTERRUPT = '\u0003'

/** The first line of a file. Throws `CLI_NO_PASSWORD` or `CLI_FILE_UNREADABLE`. */
async function passwordFromFile(file: string): Promise<string> {
  const [password = ''] = (await readText(file)).split(/\r?\n/)
  if (password === '') throw new NoPasswordError(`the first line of ${file} is empty`)
  return password
}

/** The password of a file that exists: from `passwordFile`, else typed in. */
export async function existingPassword(
  terminal: Terminal,
  what: string,
  passwordFile: string | undefined,
): Promise<string> {
  if (passwordFile !== undefined) return passwordFromFile(passwordFile)
  return askPassword(terminal, `Password of ${what}: `)
}

/** The password of a file to be: from `passwordFile`, else typed in twice. */
export async function newPassword(
  terminal: Terminal,
  what: string,
  passwordFile: string | undefined,
): Promise<string> {
  if (passwordFile !== undefined) return passwordFromFile(passwordFile)
  const password = await askPassword(terminal, `Password for ${what}: `)
  if (password === '') throw new NoPasswordError('it may not be empty')
  const again = await askPassword(terminal, 'The same again: ')
  if (password !== again) throw new NoPasswordError('the two entries differ')
  return password
}

/** Asks on a terminal, without showing what is typed. Throws `CLI_NO_PASSWORD`. */
async function askPassword(terminal: Terminal, question: string): Promise<string> {
  const { input } = terminal
  if (!isTty(input) || input.setRawMode === undefined) {
    throw new NoPasswordError('nobody can be asked here, give it with --password-file')
  }
  terminal.errors.write(question)
  input.setRawMode(true)
  try {
    return await readHiddenLine(terminal)
  } finally {
    input.setRawMode(false)
    terminal.errors.write('\n')
  }
}

async function readHiddenLine({ input }: Terminal): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: readonly string[] = []
    const leave = (): void => {
      input.off('data', onData)
      input.off('end', onEnd)
      input.pause()
    }
    const onEnd = (): void => {
      leave()
      reject(new NoPasswordError('the input has ended'))
    }
    const onData = (chunk: Uint8Array | string): void => {
      const text = typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)
      // By code points: an erased character goes as a whole.
      for (const character of text) {
        if (ENTER.has(character)) {
          leave()
          return resolve(typed.join(''))
        }
        if (character === INTERRUPT) {
          leave()
          return reject(new NoPasswordError('interrupted'))
        }
        typed = ERASE.has(character) ? typed.slice(0, -1) : [...typed, character]
        if (typed.length > PASSWORD_LENGTH_MAX) return onEnd()
      }
    }
    input.on('data', onData)
    input.on('end', onEnd)
    input.resume()
  })
}

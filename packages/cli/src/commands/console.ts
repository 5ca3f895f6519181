import { createInterface } from 'node:readline'
import { InvalidArgumentError } from 'commander'
import { ACCOUNT_FOLDER_DEFAULT } from '../account-files.ts'
import { COMMANDS } from '../console/commands/index.ts'
import { type ConnectionOptions, openConnection } from '../console/connection.ts'
import { History } from '../console/history.ts'
import { Interpreter } from '../console/interpreter.ts'
import { sessionNames } from '../console/known-names.ts'
import { Repl } from '../console/repl.ts'
import { jsonReporter, type Reporter, textReporter } from '../console/report.ts'
import { runScript } from '../console/script.ts'
import { Session } from '../console/session.ts'
import { welcome } from '../console/welcome.ts'
import { existingPassword, newPassword } from '../password.ts'
import { isTty, type Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

interface ConsoleOptions extends ConnectionOptions {
  readonly group: number
  readonly account?: string
  readonly passwordFile?: string
  readonly accounts: string
  readonly contracts: string
  readonly state: string
  readonly command?: readonly string[]
  readonly keepGoing?: boolean
  readonly json?: boolean
  readonly verbose?: boolean
}

export function addConsole({ program, terminal, clock, action }: CommandContext): void {
  program
    .command('console')
    .description('work with a chain: ask, deploy and call contracts, manage it')
    .option('--url <url>', 'JSON-RPC address of a node (default: "http://127.0.0.1:8545")')
    .option('--channel <host:port>', 'connect by the Channel protocol instead')
    .option(
      '--certs <folder>',
      'folder with the certificates for --channel, such as nodes/127.0.0.1/sdk',
    )
    .option('--websocket <url>', 'connect by WebSocket instead')
    .option('-g, --group <id>', 'group to begin with', groupOf, 1)
    .option('--account <file>', 'account to sign with: a file, or an address of the folder')
    .option(
      '--password-file <file>',
      'take the password of that account from the first line of a file',
    )
    .option('--accounts <folder>', 'folder of all accounts', ACCOUNT_FOLDER_DEFAULT)
    .option('--contracts <folder>', 'folder with Solidity contracts', 'contracts')
    .option('--state <folder>', 'folder for history and deployed contracts', '.bcos-ts-console')
    .option('-c, --command <commands>', 'run these commands and end (repeatable)', append)
    .option('--keep-going', 'with -c or a script: go on behind a failure')
    .option('--json', 'print a line of JSON for each command')
    .action(
      action(async (options: ConsoleOptions) => {
        return new ConsoleProgram(terminal, options).run(clock)
      }),
    )
}

function groupOf(text: string): number {
  const group = Number(text)
  if (Number.isSafeInteger(group) && group >= 1 && group <= 32_767) return group
  throw new InvalidArgumentError('it is a number from 1 to 32767.')
}

function append(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

/** One run of the console: given commands, a script on standard input, or a person at a terminal. */
class ConsoleProgram {
  readonly #terminal: Terminal
  readonly #options: ConsoleOptions
  #repl: Repl | undefined

  constructor(terminal: Terminal, options: ConsoleOptions) {
    this.#terminal = terminal
    this.#options = options
  }

  async run(clock: CommandContext['clock']): Promise<number> {
    const { group, account, accounts, contracts, state, json, verbose } = this.#options
    const terminal = this.#terminal
    const reporter =
      json === true ? jsonReporter(terminal) : textReporter(terminal, verbose === true)
    const session = new Session({
      connection: await openConnection(this.#options),
      groupId: group,
      account,
      accountFolder: accounts,
      contractFolder: contracts,
      stateFolder: state,
      clock,
      askPassword: async (what, isNew) => this.#askPassword(what, isNew),
      say: (line) => terminal.say(line),
      announce: (source, output) => reporter.result(source, output),
    })
    try {
      return await this.#runIn(session, reporter)
    } finally {
      await session.close()
    }
  }

  async #runIn(session: Session, reporter: Reporter): Promise<number> {
    const { command, keepGoing, state } = this.#options
    const terminal = this.#terminal
    const interpreter = new Interpreter(session, COMMANDS)
    const script = { session, interpreter, reporter, isKeptGoing: keepGoing === true }
    if (command !== undefined) return runScript(script, command)
    if (!isTty(terminal.input)) {
      return runScript(script, createInterface({ input: terminal.input, crlfDelay: Infinity }))
    }
    terminal.say(await welcome(session))
    this.#repl = new Repl({
      terminal,
      session,
      interpreter,
      reporter,
      history: new History(state),
      completion: sessionNames(session, COMMANDS),
    })
    return this.#repl.run()
  }

  async #askPassword(what: string, isNew: boolean): Promise<string> {
    const ask = async (): Promise<string> => {
      const { passwordFile } = this.#options
      return isNew
        ? newPassword(this.#terminal, what, passwordFile)
        : existingPassword(this.#terminal, what, passwordFile)
    }
    return this.#repl === undefined ? ask() : this.#repl.withoutReading(ask)
  }
}

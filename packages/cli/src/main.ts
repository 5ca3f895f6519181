import { type Clock, systemClock } from '@bcos-ts/common'
import { Command, CommanderError } from 'commander'
import type { CommandContext } from './commands/context.ts'
import { versionText } from './commands/version.ts'
import { EXIT_OK, EXIT_USAGE, exitCodeOf } from './errors.ts'
import { systemCodeOf } from './files.ts'
import { reportError } from './report-error.ts'
import { processTerminal, type Terminal } from './terminal.ts'

type AddCommand = (context: CommandContext) => void

/**
 * All commands by name, in the order in which the help shows them. Only what a command line asks for is loaded: a node
 * that runs for months keeps nothing of the console in memory.
 */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  'build-chain': async () => (await import('./commands/build-chain.ts')).addBuildChain,
  start: async () => (await import('./commands/start.ts')).addStart,
  console: async () => (await import('./commands/console.ts')).addConsole,
  account: async () => (await import('./commands/account.ts')).addAccount,
  cert: async () => (await import('./commands/cert.ts')).addCert,
  'node-id': async () => (await import('./commands/node-id.ts')).addNodeId,
  replay: async () => (await import('./commands/replay.ts')).addReplay,
  bench: async () => (await import('./commands/bench.ts')).addBench,
  simulate: async () => (await import('./commands/simulate.ts')).addSimulate,
  explain: async () => (await import('./commands/explain.ts')).addExplain,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  'why-stuck': async () => (await import('./commands/why-stuck.ts')).addWhyStuck,
  difference: async () => (await import('./commands/difference.ts')).addDifference,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  version: async () => (await import('./commands/version.ts')).addVersion,
  'memory-chain': async () => (await import('./commands/memory-chain.ts')).addMemoryChain,
  'simulate-seeds': async () => (await import('./commands/simulate-seeds.ts')).addSimulateSeeds,
}

/** The command that is named first, or all of them: for the help, and to tell what was perhaps meant. */
async function commandsOf(args: readonly string[]): Promise<readonly AddCommand[]> {
  const name = args.find((arg) => !arg.startsWith('-')) ?? ''
  const named = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  const wanted = named === undefined ? Object.values(COMMANDS) : [named]
  return Promise.all(wanted.map((load) => load()))
}

/**
 * Runs one command line, without the names of Node and of the program. Resolves with the exit code: 0 for success,
 * 1 for a failure, 2 for wrong arguments. Never throws; errors are lines on the terminal.
 */
export async function main(
  args: readonly string[],
  terminal: Terminal,
  clock: Clock = systemClock,
): Promise<number> {
  const outcome = { exitCode: EXIT_OK, isVerbose: false }
  const program = createProgram(terminal)
  program.hook('preAction', (_, command) => {
    outcome.isVerbose = command.optsWithGlobals<{ verbose?: boolean }>().verbose === true
  })
  const context: CommandContext = {
    program,
    terminal,
    clock,
    action:
      (perform) =>
      async (...given) => {
        outcome.exitCode = await perform(...given)
      },
  }
  try {
    for (const add of await commandsOf(args)) add(context)
    addVerbose(program)
    await program.parseAsync([...args], { from: 'user' })
    return outcome.exitCode
  } catch (error) {
    terminal.clearStatus()
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE
    reportError(terminal, error, outcome.isVerbose)
    return exitCodeOf(error)
  }
}

function createProgram(terminal: Terminal): Command {
  return (
    new Command('bcos-ts')
      .description('Build, run and look at BCOS chains.')
      .version(versionText(), '-v, --version', 'show the release')
      .helpOption('-h, --help', 'show help')
      // What follows a command belongs to the command: -v of build-chain is not -v of bcos-ts.
      .enablePositionalOptions()
      .showHelpAfterError('(add --help for help)')
      .exitOverride()
      .configureOutput({
        writeOut: (text) => terminal.output.write(text),
        writeErr: (text) => terminal.errors.write(text),
      })
  )
}

/** An option of every command, wherever it stands in the line. */
function addVerbose(command: Command): void {
  command.option('--verbose', 'with errors, tell what they came from')
  for (const inner of command.commands) addVerbose(inner)
}

/** Runs the command line of this process. */
export async function runProcess(): Promise<void> {
  // A reader such as head may go before everything is written.
  process.stdout.on('error', (error) => {
    process.exit(systemCodeOf(error) === 'EPIPE' ? EXIT_OK : exitCodeOf(error))
  })
  process.exitCode = await main(process.argv.slice(2), processTerminal())
}

import { type Clock, systemClock } from '@bcos-ts/common'
import { Command, CommanderError } from 'commander'
import { addAccount } from './commands/account.ts'
import { addBench } from './commands/bench.ts'
import { addBuildChain } from './commands/build-chain.ts'
import { addCert } from './commands/cert.ts'
import { addConsole } from './commands/console.ts'
import type { CommandContext } from './commands/context.ts'
import { addDemo } from './commands/demo.ts'
import { addDifference } from './commands/difference.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExplain } from './commands/explain.ts'
import { addMemoryChain } from './commands/memory-chain.ts'
import { addNodeId } from './commands/node-id.ts'
import { addReplay } from './commands/replay.ts'
import { addSimulateSeeds } from './commands/simulate-seeds.ts'
import { addSimulate } from './commands/simulate.ts'
import { addStart } from './commands/start.ts'
import { versionText } from './commands/version.ts'
import { addWhyStuck } from './commands/why-stuck.ts'
import { EXIT_OK, EXIT_USAGE, exitCodeOf } from './errors.ts'
import { systemCodeOf } from './files.ts'
import { reportError } from './report-error.ts'
import { processTerminal, type Terminal } from './terminal.ts'

/** All commands, in the order in which the help shows them. */
const COMMANDS: readonly ((context: CommandContext) => void)[] = [
  addBuildChain,
  addStart,
  addConsole,
  addAccount,
  addCert,
  addNodeId,
  addReplay,
  addBench,
  addSimulate,
  addExplain,
  addDoctor,
  addWhyStuck,
  addDifference,
  addDemo,
  addMemoryChain,
  addSimulateSeeds,
]

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
  for (const add of COMMANDS) add(context)
  addVersion(context)
  addVerbose(program)
  try {
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

function addVersion({ program, terminal, action }: CommandContext): void {
  program
    .command('version')
    .description('show the release, as -v does')
    .action(
      action(async () => {
        terminal.print(versionText())
        return EXIT_OK
      }),
    )
}

/** Runs the command line of this process. */
export async function runProcess(): Promise<void> {
  // A reader such as head may go before everything is written.
  process.stdout.on('error', (error) => {
    process.exit(systemCodeOf(error) === 'EPIPE' ? EXIT_OK : exitCodeOf(error))
  })
  process.exitCode = await main(process.argv.slice(2), processTerminal())
}

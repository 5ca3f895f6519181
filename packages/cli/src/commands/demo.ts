import { join, resolve } from 'node:path'
import { runDemo } from '../demo/demo.ts'
import { EXIT_OK } from '../errors.ts'
import { stopSignal } from '../stop-signal.ts'
import type { CommandContext } from './context.ts'

interface DemoOptions {
  readonly once?: boolean
  readonly output: string
}

/** The command itself, as the nodes are started with it. */
const COMMAND = join(import.meta.dirname, '..', '..', 'bin', 'bcos-ts.js')

export function addDemo({ program, terminal, action }: CommandContext): void {
  program
    .command('demo')
    .description('make and run a chain of four nodes on this machine, and show it at work')
    .option('--once', 'end after the show instead of running until Ctrl-C')
    .option('-o, --output <folder>', 'folder of the chain', 'demo-chain')
    .action(
      action(async (options: DemoOptions) => {
        await runDemo({
          folder: resolve(options.output),
          command: COMMAND,
          once: options.once === true,
          print: (line) => terminal.print(line),
          stopped: stopSignal(),
        })
        return EXIT_OK
      }),
    )
}

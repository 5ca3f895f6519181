import { resolve } from 'node:path'
import { startMemoryChain } from '@bcos-ts/node'
import { EXIT_FAILURE, EXIT_OK, UsageError } from '../errors.ts'
import { reportError } from '../report-error.ts'
import { stopSignal } from '../stop-signal.ts'
import type { CommandContext } from './context.ts'

interface MemoryChainOptions {
  readonly nodes: string
  readonly guomi?: boolean
}

const NODES_MAX = 64

/** For the bench, which starts it as a process; the first line of output is the list of JSON-RPC addresses. */
export function addMemoryChain({ program, terminal, action }: CommandContext): void {
  program
    .command('memory-chain', { hidden: true })
    .description('run a chain whose nodes share this process, with memory for a network')
    .argument('<folder>', 'for the data of the nodes')
    .option('-n, --nodes <count>', 'nodes', '4')
    .option('-g, --guomi', 'national cryptography')
    .action(
      action(async (folder: string, { nodes, guomi = false }: MemoryChainOptions) => {
        const size = Number(nodes)
        if (!Number.isInteger(size) || size < 1 || size > NODES_MAX) {
          throw new UsageError('--nodes', `${nodes} is not a number from 1 to ${NODES_MAX}`)
        }
        const chain = await startMemoryChain({ folder: resolve(folder), size, isGuomi: guomi })
        terminal.print(JSON.stringify(chain.urls))
        const failure = await Promise.race([chain.failure, stopSignal()])
        await chain.stop()
        if (failure === undefined) return EXIT_OK
        reportError(terminal, failure, false)
        return EXIT_FAILURE
      }),
    )
}

import { EXIT_OK } from '../errors.ts'
import { nodeIdOfFile } from '../key-material.ts'
import type { CommandContext } from './context.ts'

export function addNodeId({ program, terminal, action }: CommandContext): void {
  program
    .command('node-id')
    .description('print the node id of a key, a certificate or a node.nodeid file')
    .argument('<file>', 'node.key, node.crt, gmnode.key, …')
    .action(
      action(async (file: string) => {
        terminal.print(await nodeIdOfFile(file))
        return EXIT_OK
      }),
    )
}

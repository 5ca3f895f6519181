import { join } from 'node:path'
import { readNodeFiles } from '@bcos-ts/node'
import { viewRunningNode } from '../doctor/node-rpc.ts'
import { EXIT_OK, ProbeFailedError, UsageError } from '../errors.ts'
import { progressText } from '../why-stuck.ts'
import type { CommandContext } from './context.ts'

export function addWhyStuck({ program, terminal, action }: CommandContext): void {
  program
    .command('why-stuck')
    .description('ask a running node what its group lacks for the next block')
    .argument('[folder]', 'folder with config.ini', '.')
    .option('-g, --group <id>', 'group', '1')
    .action(
      action(async (folder: string, { group }: { readonly group: string }) => {
        const groupId = Number(group)
        if (!Number.isInteger(groupId) || groupId < 1) {
          throw new UsageError('--group', 'give the number of a group, such as 1')
        }
        const running = await viewRunningNode(readNodeFiles(join(folder, 'config.ini')))
        if (running === undefined) {
          throw new ProbeFailedError(`no node answers at the JSON-RPC port of ${folder}; start it`)
        }
        const { result, code } = await running.ask('getConsensusProgress', [groupId])
        if (result === undefined || result === null)
          throw new ProbeFailedError(refusal(groupId, code))
        terminal.print(progressText(terminal, result))
        return EXIT_OK
      }),
    )
}

function refusal(groupId: number, code: number | undefined): string {
  return code === undefined
    ? `the consensus of group ${groupId} does not tell what it lacks; ask getConsensusStatus`
    : `the node does not tell about group ${groupId} (code ${code}): it is not in it, or of another release`
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  compareWithData,
  defaultComponents,
  groupRegistryOf,
  readDifference,
  readNodeFiles,
} from '@bcos-ts/node'
import { comparisonText, differenceText } from '../difference.ts'
import { EXIT_FAILURE, EXIT_OK, ProbeFailedError } from '../errors.ts'
import { wholeNumber } from '../whole-number.ts'
import type { CommandContext } from './context.ts'

interface DifferenceOptions {
  readonly group: string
  readonly height?: string
  readonly with?: string
}

export function addDifference({ program, terminal, action }: CommandContext): void {
  program
    .command('difference')
    .description('show the block that has another result on this node than in its group, and where')
    .argument('[folder]', 'folder with config.ini', '.')
    .option('-g, --group <id>', 'group', '1')
    .option('-n, --height <number>', 'block; the latest that was reported when left out')
    .option('--with <folder>', 'compare with the data of another node that does not run, or a copy')
    .action(
      action(async (folder: string, options: DifferenceOptions) => {
        const groupId = wholeNumber('--group', options.group)
        const files = readNodeFiles(join(folder, 'config.ini'))
        const { dataFolder } = groupRegistryOf(files).read(groupId)
        const height =
          options.height === undefined ? undefined : wholeNumber('--height', options.height)
        const difference = readDifference(dataFolder, height)
        if (difference === undefined) {
          terminal.print(`No block of group ${groupId} is reported to have another result here.`)
          return EXIT_OK
        }
        terminal.print(differenceText(terminal, difference))
        if (options.with === undefined) return EXIT_FAILURE
        const { suites } = await defaultComponents()
        const suite = files.config.chain.isGuomi ? suites.guomi : suites.standard
        const other = dataOf(options.with, groupId)
        const found = await compareWithData(difference, { own: dataFolder, other }, suite)
        terminal.print(`\n${comparisonText(terminal, found)}`)
        return EXIT_FAILURE
      }),
    )
}

/** The folder of a node, or the data folder of its group alone. */
function dataOf(folder: string, groupId: number): string {
  const config = join(folder, 'config.ini')
  const data = existsSync(config)
    ? groupRegistryOf(readNodeFiles(config)).read(groupId).dataFolder
    : folder
  if (!existsSync(join(data, 'block'))) {
    throw new ProbeFailedError(
      `${data} has no database: name the folder of a node, or its data/group${groupId}`,
    )
  }
  return data
}

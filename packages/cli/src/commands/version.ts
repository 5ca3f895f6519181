import { buildInfo } from '@bcos-ts/node'
import { BINARY_VERSION } from '@bcos-ts/protocol'
import { EXIT_OK } from '../errors.ts'
import type { CommandContext } from './context.ts'

/** The five lines that scripts read from the reference's `-v` (spec 04 §12.2). */
export function versionText(): string {
  const { buildTime, buildType, gitBranch, gitCommit } = buildInfo()
  return [
    `FISCO-BCOS Version : ${BINARY_VERSION}`,
    `Build Time         : ${buildTime}`,
    `Build Type         : ${buildType}`,
    `Git Branch         : ${gitBranch}`,
    `Git Commit Hash    : ${gitCommit}`,
  ].join('\n')
}

export function addVersion({ program, terminal, action }: CommandContext): void {
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

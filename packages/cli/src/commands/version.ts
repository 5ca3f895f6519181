import { buildInfo } from '@bcos-ts/node'
import { BINARY_VERSION } from '@bcos-ts/protocol'

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

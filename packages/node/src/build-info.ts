import { readFileSync } from 'node:fs'
import type { NodeVersion } from '@bcos-ts/protocol/ports'

const NOT_RECORDED = 'not recorded'

/** What clients and scripts are told of this build. A release from npm knows its version, not its commit. */
export function buildInfo(): Pick<
  NodeVersion,
  'buildTime' | 'buildType' | 'gitBranch' | 'gitCommit'
> {
  return {
    buildTime: NOT_RECORDED,
    buildType: `${process.platform}-${process.arch}/node-${process.versions.node}`,
    gitBranch: `bcos-ts ${packageVersion()}`,
    gitCommit: NOT_RECORDED,
  }
}

/** Of this package; its manifest stands beside the folder of sources and that of built files. */
function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const manifest: { readonly version: string } = JSON.parse(text)
  return manifest.version
}

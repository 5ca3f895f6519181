import { readFileSync } from 'node:fs'
import { BINARY_VERSION } from '@bcos-ts/protocol'

/** The five lines that scripts read from the reference's `-v` (spec 04 §12.2). */
export function versionText(): string {
  const release = `bcos-ts ${packageVersion()}`
  return [
    `FISCO-BCOS Version : ${BINARY_VERSION}`,
    'Build Time         : not recorded',
    `Build Type         : ${process.platform}-${process.arch}/node-${process.versions.node}`,
    `Git Branch         : ${release}`,
    'Git Commit Hash    : not recorded',
  ].join('\n')
}

/** Of this package; its manifest stands beside the folder of sources and that of built files. */
function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const manifest: { readonly version: string } = JSON.parse(text)
  return manifest.version
}

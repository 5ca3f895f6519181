/**
 * The bcos-ts command as functions: the builder of chains, and the command line itself.
 *
 * @example
 * ```ts
 * import { buildChain, parseHostList, writeChain } from '@bcos-ts/cli'
 *
 * const plan = await buildChain({
 *   hosts: parseHostList('127.0.0.1:4'),
 *   command: ['/usr/bin/node', '/opt/bcos-ts/bin/bcos-ts.js'],
 *   nowMs: clock.nowMs(),
 * })
 * await writeChain(plan, 'nodes')
 * ```
 * @module
 */
export { buildChain, type ChainPlan, type PlannedNode } from './build-chain/build-chain.ts'
export {
  type HostShare,
  parseHostFile,
  parseHostList,
  parsePorts,
  type Ports,
} from './build-chain/host-list.ts'
export { type ChainOptions, type GivenAuthority } from './build-chain/options.ts'
export { type NodePlace } from './build-chain/places.ts'
export { type PlannedFile } from './build-chain/planned-file.ts'
export { writeChain } from './build-chain/write-chain.ts'
export {
  CliError,
  type CliErrorCode,
  exitCodeOf,
  NoPasswordError,
  OutputExistsError,
  PortInUseError,
  UnreadableFileError,
  UnsupportedFlagError,
  UnwritableFileError,
  UsageError,
} from './errors.ts'
export { errorStories, findStories, numberText, titleOf } from './explain/stories.ts'
export { main } from './main.ts'
export { type InputStream, type OutputStream, Terminal, type TerminalInit } from './terminal.ts'

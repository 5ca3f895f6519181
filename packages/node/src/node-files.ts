/**
 * The files of a node's folder: `config.ini`, group files, keys and certificates.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { messageOf } from '@bcos-ts/common'
import { type GenesisFile, parseGenesisFile } from './config/genesis-file.ts'
import { type GroupConfig, parseGroupConfig } from './config/group-config.ts'
import { type NodeConfig, parseNodeConfig } from './config/node-config.ts'
import { ConfigUnreadableError } from './errors.ts'

/** PEM texts of one certificate set. */
export interface CertificateSet {
  readonly key: string
  readonly certificate: string
  readonly ca: string
}

export interface GroupFiles {
  readonly genesisFile: GenesisFile
  readonly config: GroupConfig
  /** `group.N.ini`, which need not be there. */
  readonly settingsFile: string
  /** `data/groupN`. */
  readonly dataFolder: string
}

/** Everything a node reads before it starts. */
export interface NodeFiles {
  /** The folder of `config.ini`; relative paths in it start here. */
  readonly folder: string
  readonly config: NodeConfig
  readonly groups: readonly GroupFiles[]
  /** For P2P. */
  readonly node: CertificateSet
  /** For SDKs: RSA, or the same as for P2P (spec 02 §2.2). */
  readonly channel: CertificateSet
  /** Entries that change nothing, each with its place and reason. */
  readonly warnings: readonly string[]
}

/** Throws `CONFIG_UNREADABLE` with the file's name, and what the parsers throw. */
export function readNodeFiles(configFile: string): NodeFiles {
  const folder = dirname(resolve(configFile))
  const config = parseNodeConfig(readText(configFile), configFile)
  const certificates = resolve(folder, config.certificates.path)
  const groups = readGroups(folder, config)
  const node = readSet(certificates, config.certificates)
  const channel = config.chain.isRsaChannel
    ? readSet(join(certificates, 'channel_cert'), RSA_FILES)
    : node
  const warnings = [...config.warnings, ...groups.flatMap((group) => group.config.warnings)]
  return { folder, config, groups, node, channel, warnings }
}

const RSA_FILES = { key: 'node.key', certificate: 'node.crt', authority: 'ca.crt' }

function readGroups(folder: string, config: NodeConfig): readonly GroupFiles[] {
  const place = resolve(folder, config.group.configPath)
  const names = listFolder(place).filter((name) => /^group\.\d+\.genesis$/.test(name))
  return names.toSorted().map((name) => {
    const file = join(place, name)
    const genesisFile = parseGenesisFile(readText(file), file)
    const settings = file.replace(/genesis$/, 'ini')
    const text = existsSync(settings) ? readText(settings) : ''
    const { groupId } = genesisFile.genesis
    return {
      genesisFile,
      config: parseGroupConfig(text, settings),
      settingsFile: settings,
      dataFolder: resolve(folder, config.group.dataPath, `group${groupId}`),
    }
  })
}

function readSet(
  folder: string,
  names: { readonly key: string; readonly certificate: string; readonly authority: string },
): CertificateSet {
  return {
    key: readText(join(folder, names.key)),
    certificate: readText(join(folder, names.certificate)),
    ca: readText(join(folder, names.authority)),
  }
}

/** Throws {@link ConfigUnreadableError}. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigUnreadableError(file, messageOf(error), error)
  }
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw new ConfigUnreadableError(folder, messageOf(error), error)
  }
}

/**
 * The files of a node's folder: `config.ini`, keys and certificates. Those of groups are in `groups`.
 * @module
 */
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { messageOf } from '@bcos-ts/common'
import { type NodeConfig, parseNodeConfig } from './config/node-config.ts'
import { ConfigUnreadableError } from './errors.ts'

/** PEM texts of one certificate set. */
export interface CertificateSet {
  readonly key: string
  readonly certificate: string
  readonly ca: string
}

/** Everything a node reads before it starts. */
export interface NodeFiles {
  /** The folder of `config.ini`; relative paths in it start here. */
  readonly folder: string
  readonly config: NodeConfig
  /** For P2P. */
  readonly node: CertificateSet
  /** For SDKs: RSA, or the same as for P2P (spec 02 §2.2). */
  readonly channel: CertificateSet
}

/** Throws `CONFIG_UNREADABLE` with the file's name, and what the parsers throw. */
export function readNodeFiles(configFile: string): NodeFiles {
  const folder = dirname(resolve(configFile))
  const config = parseNodeConfig(readText(configFile), configFile)
  const certificates = resolve(folder, config.certificates.path)
  const node = readSet(certificates, config.certificates)
  const channel = config.chain.isRsaChannel
    ? readSet(join(certificates, 'channel_cert'), RSA_FILES)
    : node
  return { folder, config, node, channel }
}

const RSA_FILES = { key: 'node.key', certificate: 'node.crt', authority: 'ca.crt' }

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

import { certificatesToPem } from '@bcos-ts/crypto/certificate'
import { settingsText } from '@bcos-ts/node'
import { anchorFile, filePrefix, opensslFiles, serialText } from './authority-files.ts'
import type { ChannelAuthority, ChannelIdentity, Identity, Pki } from './pki.ts'
import type { NodePlace } from './places.ts'
import { dataFile, type PlannedFile, programFile, secretFile, within } from './planned-file.ts'
import * as scripts from './scripts.ts'

/** The RSA set with which one node or SDK meets the other. */
export interface ChannelSet {
  readonly authority: ChannelAuthority
  readonly identity: ChannelIdentity
}

/** A guomi certificate pair. */
export interface GuomiPair {
  readonly pki: Pki
  readonly signing: Identity
  readonly encryption: Identity
}

/** Who a node or an SDK is, in all the ways the chain uses. */
export interface Credentials {
  readonly pki: Pki
  readonly identity: Identity
  readonly guomi: GuomiPair | undefined
  readonly channel: ChannelSet | undefined
}

/** What a node folder holds apart from its keys. */
export interface NodeContents {
  readonly place: NodePlace
  readonly configIni: string
  /** Text of `group.N.genesis` by group. */
  readonly genesis: ReadonlyMap<number, string>
  /** How the scripts of the node call bcos-ts, seen from its folder. */
  readonly launcher: string
}

/** The name by which the chain knows a node. */
export function nodeIdOf({ identity, guomi }: Credentials): string {
  return (guomi?.signing ?? identity).nodeId
}

/** Everything in a node's folder (spec 04 §13.2). */
export function nodeFiles(
  contents: NodeContents,
  credentials: Credentials,
): readonly PlannedFile[] {
  const { configIni, genesis, launcher } = contents
  const groups = [...genesis].flatMap(([groupId, text]) => [
    dataFile(`group.${groupId}.genesis`, text),
    dataFile(`group.${groupId}.ini`, settingsText()),
  ])
  return [
    dataFile('config.ini', configIni),
    programFile('start.sh', scripts.startScript(launcher)),
    programFile('stop.sh', scripts.stopScript()),
    ...within('conf', [...keyFiles(credentials), ...groups]),
    ...within('scripts', [
      programFile('load_new_groups.sh', scripts.loadNewGroupsScript()),
      programFile('reload_whitelist.sh', scripts.reloadWhitelistScript()),
      programFile('reload_sdk_allowlist.sh', scripts.reloadSdkAllowlistScript()),
      programFile('monitor.sh', scripts.monitorScript()),
    ]),
  ]
}

/** `conf/` of a node. On a guomi chain the set on secp256k1 stands in `origin_cert`. */
function keyFiles(credentials: Credentials): readonly PlannedFile[] {
  const { pki, identity, guomi, channel } = credentials
  const standard = [
    ...leafFiles(pki, identity, 'node'),
    dataFile('node.nodeid', `${identity.nodeId}\n`),
  ]
  const channelFiles = channel === undefined ? [] : rsaFiles(channel, 'node')
  return [
    ...(guomi === undefined ? standard : within('origin_cert', standard)),
    ...(guomi === undefined ? opensslFiles(pki) : guomiNodeFiles(guomi)),
    ...within('channel_cert', channelFiles),
  ]
}

function guomiNodeFiles(pair: GuomiPair): readonly PlannedFile[] {
  const { signing } = pair
  return [
    ...guomiFiles(pair, 'node'),
    dataFile('gmnode.nodeid', `${signing.nodeId}\n`),
    dataFile('gmnode.serial', serialText(signing.certificate.serialNumber)),
  ]
}

/** `sdk/`: what applications connect with (spec 02 §2.3). */
export function sdkFiles({ pki, identity, guomi, channel }: Credentials): readonly PlannedFile[] {
  const own =
    channel === undefined
      ? [...leafFiles(pki, identity, 'sdk'), dataFile('sdk.publickey', `${identity.nodeId}\n`)]
      : rsaFiles(channel, 'sdk')
  if (guomi === undefined) return own
  const guomiOwn = [
    ...guomiFiles(guomi, 'sdk'),
    dataFile('gmsdk.publickey', `${guomi.signing.nodeId}\n`),
  ]
  return [...own, ...within('gm', guomiOwn)]
}

function leafFiles(pki: Pki, identity: Identity, name: string): readonly PlannedFile[] {
  const prefix = filePrefix(pki)
  return [
    anchorFile(pki, `${prefix}ca.crt`),
    dataFile(`${prefix}${name}.crt`, identity.chainPem),
    secretFile(`${prefix}${name}.key`, identity.keyPem),
  ]
}

function guomiFiles(
  { pki, signing, encryption }: GuomiPair,
  name: 'node' | 'sdk',
): readonly PlannedFile[] {
  return [
    ...leafFiles(pki, signing, name),
    dataFile(`gmen${name}.crt`, certificatesToPem(encryption.certificate)),
    secretFile(`gmen${name}.key`, encryption.keyPem),
  ]
}

function rsaFiles({ authority, identity }: ChannelSet, name: string): readonly PlannedFile[] {
  return [
    dataFile('ca.crt', certificatesToPem(authority.certificate)),
    dataFile(`${name}.crt`, identity.certificatePem),
    secretFile(`${name}.key`, identity.keyPem),
  ]
}

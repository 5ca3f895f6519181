import { isIP } from 'node:net'
import type { LogLevel } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import { versionRules, type VersionRules } from '@bcos-ts/protocol'
import { type IniEntry, type IniFile, parseIni } from './ini.ts'
import { configWarnings, type NoEffect } from './warnings.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** `config.ini` of a node (spec 04 §10.2). Paths are as in the file: relative to its folder. */
export interface NodeConfig {
  readonly file: string
  readonly rpc: {
    readonly http: Endpoint
    readonly channel: Endpoint
    readonly disableDynamicGroup: boolean
    /** Web pages of other hosts that may connect over WebSocket, such as `https://explorer.example`. */
    readonly allowedOrigins: readonly string[]
  }
  readonly p2p: {
    readonly listen: Endpoint
    readonly peers: readonly Endpoint[]
    readonly enableCompress: boolean
    readonly peersParamLimit: number
    readonly maxNodesLimit: number
  }
  readonly denied: readonly NodeId[]
  readonly allowed: readonly NodeId[]
  readonly group: { readonly dataPath: string; readonly configPath: string }
  readonly certificates: CertificateConfig
  readonly encryption: EncryptionConfig | undefined
  readonly chain: {
    readonly id: number
    readonly isGuomi: boolean
    readonly isGuomiChannel: boolean
    readonly isRsaChannel: boolean
  }
  readonly rules: VersionRules
  readonly log: LogConfig
  readonly flow: FlowConfig
  /** Entries that change nothing, each with its place and reason. */
  readonly warnings: readonly string[]
}

export interface CertificateConfig {
  readonly path: string
  readonly key: string
  readonly certificate: string
  readonly authority: string
  /** An SDK must belong to this node's agency. */
  readonly checkIssuer: boolean
}

export interface EncryptionConfig {
  readonly keyManager: Endpoint
  readonly cipherDataKey: string
}

export interface LogConfig {
  readonly isOn: boolean
  readonly path: string
  readonly level: LogLevel
  readonly fileBytesMax: number
  readonly isFlushed: boolean
  readonly hasStatistics: boolean
  readonly statisticsIntervalMs: number
}

export interface FlowConfig {
  /** Requests a second, `undefined` for no limit. */
  readonly requestsPerSecond: number | undefined
  /** Bytes a second, `undefined` for no limit. */
  readonly outgoingBytesPerSecond: number | undefined
}

const PORT = { min: 1025, max: 65_535 }
const POSITIVE = { min: 1, max: Number.MAX_SAFE_INTEGER }
const MEGABYTE = 1024 * 1024
const BYTES_OF_MEGABIT = MEGABYTE / 8

const THREADS = 'work is not spread over threads of this kind here'
const HARDWARE = 'hardware security modules are not supported'
const LATER = 'log files are named and kept as in 2.9'

const NO_EFFECT: readonly NoEffect[] = [
  { key: 'rpc.channel_thread_count', reason: THREADS },
  { key: 'rpc.jsonrpc_thread_count', reason: THREADS },
  { key: 'rpc.act_as_group_member', reason: 'it belongs to releases after 2.9' },
  { key: 'p2p.connection_warning', reason: 'failed connections are always logged' },
  { key: 'network_security.ca_path', reason: 'trust comes from ca_cert alone' },
  { key: 'network_security.crypto_provider', reason: HARDWARE },
  { key: 'network_security.key_id', reason: HARDWARE },
  { key: 'network_security.enckey_id', reason: HARDWARE },
  ...[
    'enable_console_output',
    'format',
    'log_name_pattern',
    'compress_archive_file',
    'archive_path',
    'rotate_name_pattern',
    'max_archive_size',
    'max_archive_files',
    'min_free_space',
    'enable_rotate_by_hour',
  ].map((key) => ({ key: `log.${key}`, reason: LATER })),
]

/** Throws `CONFIG_SYNTAX`, `CONFIG_INVALID_VALUE`, `CONFIG_MISSING_KEY` or `PROTOCOL_UNSUPPORTED_VERSION`. */
export function parseNodeConfig(text: string, file: string): NodeConfig {
  const ini = parseIni(text, file)
  const isGuomi = ini.boolean('chain.sm_crypto', false)
  const config: Omit<NodeConfig, 'warnings'> = {
    file,
    rpc: readRpc(ini),
    p2p: readP2p(ini),
    ...readNodeLists(ini),
    group: {
      dataPath: ini.text('group.group_data_path', 'data/'),
      configPath: ini.text('group.group_config_path', 'conf/'),
    },
    certificates: readCertificates(ini, isGuomi),
    encryption: readEncryption(ini),
    chain: {
      id: ini.integer('chain.id', 1, { min: 0, max: Number.MAX_SAFE_INTEGER }),
      isGuomi,
      isGuomiChannel: ini.boolean('chain.sm_crypto_channel', false),
      isRsaChannel: ini.boolean('chain.rsa_crypto_channel', false),
    },
    rules: versionRules(
      ini.required('compatibility.supported_version', 'a version such as 2.9.0').value,
    ),
    log: readLog(ini),
    flow: readFlow(ini),
  }
  return { ...config, warnings: configWarnings(ini, NO_EFFECT) }
}

function readAddress(ini: IniFile, names: readonly string[], fallback: string): string {
  const entry = ini.entry(...names)
  if (entry === undefined || entry.value === '') return fallback
  if (isIP(entry.value) === 0) throw ini.invalid(entry, 'an IP address')
  return entry.value
}

function readRpc(ini: IniFile): NodeConfig['rpc'] {
  return {
    http: {
      host: readAddress(ini, ['rpc.jsonrpc_listen_ip', 'rpc.listen_ip'], '127.0.0.1'),
      port: ini.integer('rpc.jsonrpc_listen_port', 8545, PORT),
    },
    channel: {
      host: readAddress(ini, ['rpc.channel_listen_ip', 'rpc.listen_ip'], '0.0.0.0'),
      port: ini.integer('rpc.channel_listen_port', 20_200, PORT),
    },
    disableDynamicGroup: ini.boolean('rpc.disable_dynamic_group', false),
    allowedOrigins: ini.list('rpc', 'allowed_origin').map((entry) => readOrigin(ini, entry)),
  }
}

/** As browsers write it: scheme, host and port, nothing behind. */
function readOrigin(ini: IniFile, entry: IniEntry): string {
  if (URL.canParse(entry.value) && new URL(entry.value).origin === entry.value) return entry.value
  throw ini.invalid(entry, 'the origin of a web page, such as https://explorer.example')
}

function readP2p(ini: IniFile): NodeConfig['p2p'] {
  return {
    listen: {
      host: readAddress(ini, ['p2p.listen_ip'], '0.0.0.0'),
      port: ini.integer('p2p.listen_port', 30_300, PORT),
    },
    peers: ini.list('p2p', 'node').map((entry) => readEndpoint(ini, entry)),
    enableCompress: ini.boolean('p2p.enable_compress', true),
    peersParamLimit: ini.integer('p2p.peers_param_limit', 10, POSITIVE),
    maxNodesLimit: ini.integer('p2p.max_nodes_limit', 100, POSITIVE),
  }
}

/** `host:port`, `ip:port` or `[v6]:port`. */
function readEndpoint(ini: IniFile, entry: IniEntry): Endpoint {
  const [, v6, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(entry.value) ?? []
  const host = v6 ?? name
  const port = Number(digits)
  if (host === undefined || port < 1 || port > PORT.max) {
    throw ini.invalid(entry, 'host:port, such as 127.0.0.1:30300 or [::1]:30300')
  }
  return { host, port }
}

/** The lists alone, for when they change. Throws `CONFIG_SYNTAX` or `CONFIG_INVALID_VALUE`. */
export function parseNodeLists(text: string, file: string): Pick<NodeConfig, 'allowed' | 'denied'> {
  return readNodeLists(parseIni(text, file))
}

function readNodeLists(ini: IniFile): Pick<NodeConfig, 'allowed' | 'denied'> {
  return {
    denied: readNodeIds(ini, ['certificate_blacklist', 'crl'], 'crl'),
    allowed: readNodeIds(ini, ['certificate_whitelist', 'cal'], 'cal'),
  }
}

function readNodeIds(ini: IniFile, sections: readonly string[], prefix: string): readonly NodeId[] {
  const found = sections.map((section) => ini.list(section, prefix))
  const entries = found.find((list) => list.length > 0) ?? []
  return entries.map((entry) => {
    const id = entry.value.toLowerCase()
    if (!/^[0-9a-f]{128}$/.test(id)) throw ini.invalid(entry, 'a node id of 128 hexadecimal digits')
    return id
  })
}

function readCertificates(ini: IniFile, isGuomi: boolean): CertificateConfig {
  const text = (key: string, fallback: string): string =>
    ini.entry(`network_security.${key}`, `secure.${key}`)?.value || fallback
  const prefix = isGuomi ? 'gm' : ''
  const certificates: CertificateConfig = {
    path: text('data_path', './conf/'),
    key: text('key', `${prefix}node.key`),
    certificate: text('cert', `${prefix}node.crt`),
    authority: text('ca_cert', `${prefix}ca.crt`),
    checkIssuer: ini.boolean('network_security.check_cert_issuer', true),
  }
  ini.ignore('network_security.en_key', 'network_security.en_cert')
  return certificates
}

function readEncryption(ini: IniFile): EncryptionConfig | undefined {
  const section =
    ini.entry('storage_security.enable') === undefined ? 'data_secure' : 'storage_security'
  const isOn = ini.boolean(`${section}.enable`, false)
  const host = ini.text(`${section}.key_manager_ip`, '')
  const port = ini.integer(`${section}.key_manager_port`, 20_000, PORT)
  const cipher = ini.entry(`${section}.cipher_data_key`)
  if (!isOn) return undefined
  if (cipher === undefined || !/^(?:[0-9a-fA-F]{2})+$/.test(cipher.value)) {
    throw ini.invalid(
      cipher ?? { section, key: 'cipher_data_key', value: '', line: 0 },
      'the hexadecimal text that the key manager made',
    )
  }
  return { keyManager: { host, port }, cipherDataKey: cipher.value }
}

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'fatal'] as const

function readLog(ini: IniFile): LogConfig {
  const level = ini.oneOf('log.level', 'info', LEVELS)
  return {
    isOn: ini.boolean('log.enable', true),
    path: ini.text('log.log_path', 'log'),
    level: level === 'warning' ? 'warn' : level,
    fileBytesMax: MEGABYTE * ini.integer('log.max_log_file_size', 200, POSITIVE),
    isFlushed: ini.boolean('log.flush', true),
    hasStatistics: ini.boolean('log.enable_statistic', false),
    statisticsIntervalMs: 1000 * ini.integer('log.stat_flush_interval', 60, POSITIVE),
  }
}

/** `[flow_control]` of a node or of a group. */
export function readFlow(ini: IniFile): FlowConfig {
  const requests = ini.entry('flow_control.limit_req')?.value ?? ''
  const bandwidth = ini.entry('flow_control.outgoing_bandwidth_limit')?.value ?? ''
  const most = { min: 0.000_001, max: Number.MAX_SAFE_INTEGER / BYTES_OF_MEGABIT }
  return {
    requestsPerSecond:
      requests === '' ? undefined : ini.integer('flow_control.limit_req', 0, POSITIVE),
    outgoingBytesPerSecond:
      bandwidth === ''
        ? undefined
        : BYTES_OF_MEGABIT * ini.decimal('flow_control.outgoing_bandwidth_limit', 0, most),
  }
}

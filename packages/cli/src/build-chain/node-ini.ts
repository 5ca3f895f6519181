import { isIPv6 } from 'node:net'
import type { ChainSettings } from './options.ts'
import type { NodePlace } from './places.ts'

/** `host:port`, `[v6]:port`. */
export function endpointText(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}

/** `config.ini` of a node, with the keys and values of the reference's generator (spec 04 §10.2). */
export function nodeIni(
  place: NodePlace,
  all: readonly NodePlace[],
  settings: ChainSettings,
): string {
  return [
    rpcSection(place, settings),
    p2pSection(place, all, settings),
    securitySections(settings),
    chainSections(settings),
  ].join('\n')
}

function anyAddress({ isIpv6 }: ChainSettings): string {
  return isIpv6 ? '::' : '0.0.0.0'
}

function rpcSection({ ports }: NodePlace, settings: ChainSettings): string {
  const ownAddress = settings.isIpv6 ? '::1' : '127.0.0.1'
  return `[rpc]
    ; where SDKs connect with certificates
    channel_listen_ip=${anyAddress(settings)}
    channel_listen_port=${ports.channel}
    ; JSON-RPC over HTTP knows no permissions: open it to networks you trust only
    jsonrpc_listen_ip=${settings.isRpcOpen ? anyAddress(settings) : ownAddress}
    jsonrpc_listen_port=${ports.rpc}
    ; true forbids to make, start and stop groups through JSON-RPC
    disable_dynamic_group=false
`
}

function p2pSection(
  { ports }: NodePlace,
  all: readonly NodePlace[],
  settings: ChainSettings,
): string {
  const peers = all.map(
    ({ host, ports: { p2p } }, index) => `    node.${index}=${endpointText(host, p2p)}`,
  )
  return `[p2p]
    listen_ip=${anyAddress(settings)}
    listen_port=${ports.p2p}
    ; all nodes to keep connections with; a node passes over itself
${peers.join('\n')}

[certificate_blacklist]
    ; nodes that are never let in, by node id
    ;crl.0=

[certificate_whitelist]
    ; with at least one entry, no other nodes are let in
    ;cal.0=
`
}

function securitySections({ isGuomi }: ChainSettings): string {
  const prefix = isGuomi ? 'gm' : ''
  return `[group]
    group_data_path=data/
    group_config_path=conf/

[network_security]
    data_path=conf/
    key=${prefix}node.key
    cert=${prefix}node.crt
    ca_cert=${prefix}ca.crt

[storage_security]
    ; encryption of keys and data on disk, by a key manager
    enable=false
    key_manager_ip=
    key_manager_port=
    cipher_data_key=
`
}

function chainSections(settings: ChainSettings): string {
  return `[chain]
    id=${settings.chainId}
    ; the cryptography of a chain cannot be changed later
    sm_crypto=${settings.isGuomi}
    sm_crypto_channel=${settings.isGuomiChannel}
    rsa_crypto_channel=${settings.isRsaChannel}

[compatibility]
    ; the format of the chain's data; cannot be changed later
    supported_version=${settings.supportedVersion}

[log]
    enable=true
    log_path=./log
    ; a file of network and gas figures every so many seconds
    enable_statistic=${settings.hasStatistics}
    stat_flush_interval=60
    ; trace, debug, info, warning, error or fatal
    level=${settings.isDebugLog ? 'debug' : 'info'}
    ; of one file, in MB
    max_log_file_size=200
    flush=${settings.isLogFlushed}

[flow_control]
    ; requests a second, for all groups together
    ;limit_req=1000
    ; Mb a second that the node may send; blocks are not served above it
    ;outgoing_bandwidth_limit=2
`
}

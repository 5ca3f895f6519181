import { resolve } from 'node:path'
import {
  createLogger,
  createMetrics,
  Emitter,
  type Logger,
  silentLogger,
  type Startable,
  systemClock,
  systemRandom,
  systemTimers,
} from '@bcos-ts/common'
import type { KeyPair } from '@bcos-ts/crypto'
import { privateKeyFromPem } from '@bcos-ts/crypto/key-file'
import { createNodeSuites, createSignatureBatches, enginesInUse } from '@bcos-ts/crypto/node'
import { formatEndpoint } from '@bcos-ts/network'
import { tlsTransport } from '@bcos-ts/network/tls'
import { ChannelServer, TlsListener } from '@bcos-ts/rpc/channel'
import { HttpServer } from '@bcos-ts/rpc/http'
import { WebSocketListener } from '@bcos-ts/rpc/websocket'
import { reloadNodeLists, SdkAllowLists } from './access-lists.ts'
import { chainContracts } from './chain-crypto.ts'
import type { LogConfig } from './config/node-config.ts'
import { createNode, type ServerServices } from './create-node.ts'
import { EncryptionNotOfferedError, GuomiTransportError } from './errors.ts'
import { FileSignals } from './file-signals.ts'
import { groupRegistryOf } from './groups/file-registry.ts'
import { FileSink } from './log/file-sink.ts'
import { type NodeFiles, readNodeFiles } from './node-files.ts'
import { savePeers } from './save-peers.ts'

/** A node that runs. */
export interface RunningNode {
  stop(): Promise<void>
  /** Resolves, with the reason, when the node cannot go on: stop it and end the process. */
  readonly failure: Promise<Error>
}

/** Starts a node from its `config.ini`. Resolves when it serves clients; throws a typed error when it cannot. */
export async function startNode(configFile: string): Promise<RunningNode> {
  const files = readNodeFiles(configFile)
  const log = openLog(files.folder, files.config.log)
  try {
    return await start(files, log)
  } catch (error) {
    log.logger.log('fatal', 'The node could not start', { reason: String(error) })
    log.close()
    throw error
  }
}

async function start(files: NodeFiles, log: OpenLog): Promise<RunningNode> {
  const { config } = files
  const { logger } = log
  if (config.chain.isGuomi) throw new GuomiTransportError(config.file)
  if (config.encryption !== undefined) throw new EncryptionNotOfferedError(config.file)
  for (const warning of config.warnings) logger.warn(warning)
  const suites = await createNodeSuites()
  const suite = suites.standard
  const engines = enginesInUse(suites)
  const batches = createSignatureBatches(suite)
  logger.info('Engines in use', engines)
  const failures = new Emitter<Error>()
  const failure = new Promise<Error>((resolveFailure) => void failures.on(resolveFailure))
  const node = createNode({
    config,
    registry: groupRegistryOf(files),
    suite,
    engines,
    signatures: batches,
    keys: readKeys(files.node.key),
    contracts: chainContracts(suites),
    transport: tlsTransport({
      listen: formatEndpoint(config.p2p.listen.host, config.p2p.listen.port),
      ...files.node,
    }),
    savePeers: async (endpoints) => savePeers(config.file, endpoints),
    servers: (services) => createServers(files, services),
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    logger,
    metrics: createMetrics(),
    onFailure: (error) => {
      logger.log('fatal', 'The node stops', { reason: error.message })
      failures.emit(error)
    },
  })
  await node.start()
  return {
    failure,
    stop: async () => {
      await node.stop()
      await batches.close()
      log.close()
    },
  }
}

/** Clients come last and go first: by then everything they ask for is there. */
function createServers(
  files: NodeFiles,
  { node, groups, network, rpc, flow, settingsOf, logger }: ServerServices,
): Startable[] {
  const { config } = files
  const listener = new TlsListener(
    {
      ...config.rpc.channel,
      ...files.channel,
      // The RSA certificates of SDKs carry no agency (spec 02 §2.4).
      isAgencyChecked: config.certificates.checkIssuer && !config.chain.isRsaChannel,
    },
    { logger },
  )
  const sdkLists = new SdkAllowLists()
  node.onGroupChange(({ group, isRunning }) => {
    const settings = settingsOf(group.id)
    if (!isRunning || settings === undefined) return
    sdkLists.set(group.id, settings.settingsFile, settings.config.sdkAllowList)
  })
  const http = new HttpServer(config.rpc.http, { rpc, logger })
  const { allowedOrigins } = config.rpc
  const webSocket = new WebSocketListener({ http, allowedOrigins }, { logger })
  const channel = new ChannelServer(
    {
      listeners: [listener, webSocket],
      ...(flow.requests !== undefined && { nodeLimit: flow.requests }),
      ...(flow.bandwidth !== undefined && { bandwidth: flow.bandwidth }),
      groupLimit: (groupId) => flow.requestsOf(groupId),
      eventLimitsOf: (groupId) => settingsOf(groupId)?.events,
      isSdkAllowed: (groupId, key) => sdkLists.isAllowed(groupId, key),
    },
    { rpc, node, clock: systemClock, timers: systemTimers, random: systemRandom, logger },
  )
  const signals = new FileSignals(
    config.file,
    {
      reset_certificate_whitelist: () => reloadNodeLists(config.file, network, logger),
      reset_allowlist: () => sdkLists.reload(logger),
      append_group: () => groups.startNew(),
    },
    { timers: systemTimers, logger },
  )
  return [channel, http, signals]
}

function readKeys(pem: string): KeyPair {
  const { secretKey, publicKey } = privateKeyFromPem(pem)
  return { secretKey, publicKey }
}

interface OpenLog {
  readonly logger: Logger
  close(): void
}

function openLog(folder: string, config: LogConfig): OpenLog {
  if (!config.isOn) return { logger: silentLogger, close: () => {} }
  const sink = new FileSink({
    path: resolve(folder, config.path),
    level: config.level,
    fileBytesMax: config.fileBytesMax,
    isFlushed: config.isFlushed,
    clock: systemClock,
  })
  return { logger: createLogger(sink), close: () => sink.close() }
}

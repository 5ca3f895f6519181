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
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { tlsTransport } from '@bcos-ts/network/tls'
import { ChannelServer, TlsListener } from '@bcos-ts/rpc/channel'
import { HttpServer } from '@bcos-ts/rpc/http'
import { WebSocketListener } from '@bcos-ts/rpc/websocket'
import { chainContracts } from './chain-crypto.ts'
import type { LogConfig } from './config/node-config.ts'
import { createNode, type ServerServices } from './create-node.ts'
import { EncryptionNotOfferedError, GuomiTransportError } from './errors.ts'
import { createFlowControl, type FlowControl } from './flow-control.ts'
import { FileSink } from './log/file-sink.ts'
import { type NodeFiles, readNodeFiles } from './node-files.ts'

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
  for (const warning of files.warnings) logger.warn(warning)
  const suites = await createNodeSuites()
  const suite = suites.standard
  logger.info('Engines in use', suite.engines)
  const failures = new Emitter<Error>()
  const failure = new Promise<Error>((resolveFailure) => void failures.on(resolveFailure))
  const flow = createFlowControl(
    config.flow,
    new Map(files.groups.map((group) => [group.genesisFile.genesis.groupId, group.config.flow])),
    systemClock,
  )
  const node = await createNode({
    config,
    flow,
    groups: files.groups.map(({ genesisFile, config: group, dataFolder }) => ({
      genesis: genesisFile.genesis,
      config: group,
      dataFolder,
    })),
    suite,
    keys: readKeys(files.node.key),
    contracts: chainContracts(suites),
    transport: tlsTransport({ listen: joinListen(config.p2p.listen), ...files.node }),
    servers: (services) => createServers(files, flow, services),
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
      log.close()
    },
  }
}

/** Clients come last and go first: by then everything they ask for is there. */
function createServers(
  files: NodeFiles,
  flow: FlowControl,
  { node, rpc, logger }: ServerServices,
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
  const eventLimits = new Map(
    files.groups.map(({ genesisFile }) => [
      genesisFile.genesis.groupId,
      {
        blockRangeMax: genesisFile.eventBlockRangeMax,
        blocksPerPass: genesisFile.eventBlocksPerPass,
      },
    ]),
  )
  const allowed = new Map(
    files.groups.map(({ genesisFile, config: group }) => [
      genesisFile.genesis.groupId,
      new Set(group.sdkAllowList),
    ]),
  )
  const http = new HttpServer(config.rpc.http, { rpc, logger })
  const channel = new ChannelServer(
    {
      listeners: [listener, new WebSocketListener({ http }, { logger })],
      ...(flow.requests !== undefined && { nodeLimit: flow.requests }),
      ...(flow.bandwidth !== undefined && { bandwidth: flow.bandwidth }),
      groupLimit: (groupId) => flow.requestsOf(groupId),
      eventLimitsOf: (groupId) =>
        eventLimits.get(groupId) ?? { blockRangeMax: 0, blocksPerPass: 3 },
      isSdkAllowed: (groupId, key) => {
        const keys = allowed.get(groupId)
        return keys === undefined || keys.size === 0 || keys.has(key)
      },
    },
    { rpc, node, clock: systemClock, timers: systemTimers, random: systemRandom, logger },
  )
  return [channel, http]
}

function readKeys(pem: string): KeyPair {
  const { secretKey, publicKey } = privateKeyFromPem(pem)
  return { secretKey, publicKey }
}

function joinListen({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
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

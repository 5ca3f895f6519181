/**
 * Whole nodes in one process: memory for a network, a folder each for a disk. For tests and benches, and to try a
 * chain of the guomi suite.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createMetrics,
  Emitter,
  silentLogger,
  type Startable,
  startAll,
  stopAll,
  systemClock,
  systemRandom,
  systemTimers,
  toHex,
} from '@bcos-ts/common'
import type { CryptoSuite, KeyPair } from '@bcos-ts/crypto'
import { createNodeSuites, type NodeSuites } from '@bcos-ts/crypto/node'
import { createMemoryHub, memoryTransport } from '@bcos-ts/network/memory'
import { HttpServer } from '@bcos-ts/rpc/http'
import { type ChainContracts, chainContracts } from './chain-crypto.ts'
import { parseNodeConfig } from './config/node-config.ts'
import { type BcosNode, createNode, type ServerServices } from './create-node.ts'
import { FileGroupRegistry } from './groups/file-registry.ts'
import type { GroupRegistry } from './groups/group-registry.ts'
import { genesisText, settingsText } from './groups/group-template.ts'

export interface MemoryNodesInit {
  /** Each node gets a folder in it. */
  readonly folder: string
  readonly size: number
  readonly suites: NodeSuites
  readonly suite: CryptoSuite
  /** Who seals which group from the beginning, by position. */
  readonly groups: Readonly<Record<number, readonly number[]>>
  /** Changes what the groups have alike. */
  readonly alterGenesis?: (text: string) => string
  /** Stands between a node and its files. */
  readonly registry?: (files: GroupRegistry, position: number) => GroupRegistry
  /** The contracts of a node, asked for each time it is created; those of 2.9 when left out. */
  readonly contracts?: (position: number) => ChainContracts
  /** What a node offers to clients. */
  readonly servers: (services: ServerServices, position: number) => readonly Startable[]
  readonly onFailure: (error: Error) => void
}

/** A node that may be created again and again on its folder. */
export interface MemoryNode {
  readonly nodeId: string
  readonly folder: string
  create(): BcosNode
}

const GENESIS_MS = 1_795_327_204_000n

export function memoryNodes(init: MemoryNodesInit): readonly MemoryNode[] {
  const hub = createMemoryHub()
  const keys = Array.from({ length: init.size }, () => init.suite.keyPair(systemRandom.bytes(32)))
  const ids = keys.map(({ publicKey }) => toHex(publicKey))
  return keys.map((own, position) => {
    const nodeId = toHex(own.publicKey)
    const folder = join(init.folder, `node${position}`)
    writeGroups(init, { folder: join(folder, 'conf'), position, ids })
    return { nodeId, folder, create: () => createOne(init, { hub, own, nodeId, folder, position }) }
  })
}

function writeGroups(
  { groups, alterGenesis = (text) => text }: MemoryNodesInit,
  node: { readonly folder: string; readonly position: number; readonly ids: readonly string[] },
): void {
  mkdirSync(node.folder, { recursive: true })
  for (const [groupId, members] of Object.entries(groups)) {
    if (!members.includes(node.position)) continue
    const genesis = genesisText({
      groupId: Number(groupId),
      sealers: members.map((member) => node.ids[member] ?? ''),
      consensus: 'pbft',
      timestamp: GENESIS_MS,
      isFreeStorage: false,
    })
    writeFileSync(join(node.folder, `group.${groupId}.genesis`), alterGenesis(genesis))
    writeFileSync(join(node.folder, `group.${groupId}.ini`), settingsText())
  }
}

function createOne(
  init: MemoryNodesInit,
  node: {
    readonly hub: ReturnType<typeof createMemoryHub>
    readonly own: KeyPair
    readonly nodeId: string
    readonly folder: string
    readonly position: number
  },
): BcosNode {
  const { hub, own, nodeId, folder, position } = node
  const files = new FileGroupRegistry({ config: join(folder, 'conf'), data: join(folder, 'data') })
  return createNode({
    config: parseNodeConfig(configText(init), 'config.ini'),
    registry: init.registry?.(files, position) ?? files,
    suite: init.suite,
    keys: own,
    contracts: init.contracts?.(position) ?? chainContracts(init.suites),
    transport: memoryTransport({
      hub,
      endpoint: `n${position}:30300`,
      self: { nodeId, agency: 'agency', nodeName: `node${position}` },
    }),
    savePeers: async () => undefined,
    servers: (services) => init.servers(services, position),
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    logger: silentLogger,
    metrics: createMetrics(),
    onFailure: init.onFailure,
  })
}

function configText({ size, suite }: MemoryNodesInit): string {
  const peers = Array.from({ length: size }, (_, index) => `node.${index}=n${index}:30300`)
  const chain = ['[chain]', `sm_crypto=${suite.name === 'guomi'}`]
  return ['[p2p]', ...peers, ...chain, '[compatibility]', 'supported_version=2.9.0', ''].join('\n')
}

/** A chain in this process that clients reach by JSON-RPC. */
export interface MemoryChain extends Pick<Startable, 'stop'> {
  /** One for each node. */
  readonly urls: readonly string[]
  /** Resolves, with the reason, when a node cannot go on. */
  readonly failure: Promise<Error>
}

/** Starts nodes that all seal group 1, with JSON-RPC on free ports of the loopback address. */
export async function startMemoryChain(init: {
  readonly folder: string
  readonly size: number
  readonly isGuomi: boolean
}): Promise<MemoryChain> {
  const suites = await createNodeSuites()
  const https: HttpServer[] = []
  const failures = new Emitter<Error>()
  const failure = new Promise<Error>((resolve) => void failures.on(resolve))
  const nodes = memoryNodes({
    folder: init.folder,
    size: init.size,
    suites,
    suite: init.isGuomi ? suites.guomi : suites.standard,
    groups: { 1: Array.from({ length: init.size }, (_, position) => position) },
    servers: ({ rpc, logger }) => {
      const http = new HttpServer({ host: '127.0.0.1', port: 0 }, { rpc, logger })
      https.push(http)
      return [http]
    },
    onFailure: (error) => failures.emit(error),
  }).map((node) => node.create())
  await startAll(nodes)
  return {
    urls: https.map(({ port }) => `http://127.0.0.1:${port}`),
    failure,
    stop: () => stopAll(nodes),
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '@bcos-ts/common'
import { parseIni } from '@bcos-ts/node'
import { buildChain } from '../build-chain/build-chain.ts'
import { parseHostList, type Ports } from '../build-chain/host-list.ts'
import type { ChainOptions } from '../build-chain/options.ts'
import { writeChain } from '../build-chain/write-chain.ts'
import { PortInUseError } from '../errors.ts'
import { NodeProcess } from './node-process.ts'

const HOST = '127.0.0.1'
const NODES_DEFAULT = 4
const DEFAULT_PORTS: Ports = { p2p: 30_300, channel: 20_200, rpc: 8545 }
/** How far to look for free ports. */
const TRIES = 50

export interface NodeEndpoints {
  readonly name: string
  readonly p2p: number
  readonly channel: number
  readonly rpc: number
}

/** Nodes on this machine, made but not started. */
export interface LocalChain {
  readonly folder: string
  readonly sdkFolder: string
  readonly nodes: readonly NodeProcess[]
  readonly endpoints: readonly NodeEndpoints[]
}

/**
 * The chain in the folder, or a new one on ports that are free.
 * Throws `CLI_PORT_IN_USE` when something, such as this chain itself, holds a port of it.
 */
export async function prepareChain(init: {
  readonly folder: string
  readonly command: string
  readonly print: (line: string) => void
  /**
   * Nodes of a new chain.
   * @default 4
   */
  readonly nodeCount?: number
  /** What a new chain is to be like. */
  readonly options?: Partial<ChainOptions>
  /** Options of Node for every node. */
  readonly nodeFlags?: readonly string[]
  /** The program of another implementation that runs a node, for those that one runs. */
  readonly programOf?: (index: number) => string | undefined
}): Promise<LocalChain> {
  const { nodeCount = NODES_DEFAULT } = init
  if (existsSync(init.folder)) {
    init.print(`Using the chain in ${init.folder}`)
  } else {
    const ports = await freePorts({ nodeCount })
    const plan = await buildChain({
      hosts: parseHostList(`${HOST}:${nodeCount}`),
      ports,
      command: [process.execPath, init.command],
      nowMs: systemClock.nowMs(),
      ...init.options,
    })
    await writeChain(plan, init.folder)
    init.print(`Made a chain of ${nodeCount} nodes in ${init.folder}`)
  }
  const chain = openChain(init)
  for (const { p2p, channel, rpc } of chain.endpoints) {
    for (const port of [p2p, channel, rpc]) {
      if (!(await isFree(port))) throw new PortInUseError(port, init.folder)
    }
  }
  return chain
}

function openChain({
  folder,
  command,
  nodeFlags = [],
  programOf,
}: {
  readonly folder: string
  readonly command: string
  readonly nodeFlags?: readonly string[]
  readonly programOf?: (index: number) => string | undefined
}): LocalChain {
  const place = join(folder, HOST)
  const names = readdirSync(place)
    .filter((name) => /^node\d+$/.test(name))
    .toSorted()
  const endpoints = names.map((name) => readEndpoints(name, join(place, name, 'config.ini')))
  const nodes = endpoints.map(({ name, rpc }, index) => {
    const program = programOf?.(index)
    return new NodeProcess({
      name,
      folder: join(place, name),
      rpcPort: rpc,
      command,
      flags: nodeFlags,
      ...(program === undefined ? {} : { program }),
    })
  })
  return { folder, sdkFolder: join(place, 'sdk'), nodes, endpoints }
}

function readEndpoints(name: string, file: string): NodeEndpoints {
  const ini = parseIni(readFileSync(file, 'utf8'), file)
  return {
    name,
    p2p: Number(ini.text('p2p.listen_port', '')),
    channel: Number(ini.text('rpc.channel_listen_port', '')),
    rpc: Number(ini.text('rpc.jsonrpc_listen_port', '')),
  }
}

/** The ports of 2.x, or the same some places further where others use them; the first `skipped` places are passed over. */
export async function freePorts({
  nodeCount = NODES_DEFAULT,
  skipped = 0,
}: {
  readonly nodeCount?: number
  readonly skipped?: number
} = {}): Promise<Ports> {
  for (let shift = skipped; shift < skipped + TRIES; shift++) {
    const ports: Ports = {
      p2p: DEFAULT_PORTS.p2p + nodeCount * shift,
      channel: DEFAULT_PORTS.channel + nodeCount * shift,
      rpc: DEFAULT_PORTS.rpc + nodeCount * shift,
    }
    const wanted = Object.values(ports).flatMap((first: number) =>
      Array.from({ length: nodeCount }, (_, index) => first + index),
    )
    const free = await Promise.all(wanted.map(isFree))
    if (free.every(Boolean)) return ports
  }
  throw new Error(`no free ports near ${Object.values(DEFAULT_PORTS).join(', ')}`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, HOST, () => server.close(() => resolve(true)))
  })
}

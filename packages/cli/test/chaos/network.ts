/** Local nodes that reach each other only through proxies, and what can be done to them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConsensusType } from '@bcos-ts/protocol'
import { parseHostList } from '../../src/build-chain/host-list.ts'
import { freePorts, type LocalChain, prepareChain } from '../../src/local-chain/local-chain.ts'
import { startNodes } from '../../src/local-chain/node-process.ts'
import { COMMAND } from '../chain-kit.ts'
import { FaultProxy } from './fault-proxy.ts'
import { type Fault, isLinkFault } from './plan.ts'
import { Victim } from './victim.ts'
import { Weather } from './weather.ts'

/** Ports beyond those of other chains of this machine: nodes are away at times, and their ports must stay theirs. */
const PORTS_PASSED_OVER = 2000
const PLACES = 40

export interface NetworkInit {
  readonly nodeCount: number
  readonly consensus: ConsensusType
}

export class ChaosNetwork {
  readonly folder: string
  readonly victims: readonly Victim[]
  readonly #weather: Weather
  readonly #proxies: readonly FaultProxy[]

  private constructor(init: {
    readonly folder: string
    readonly chain: LocalChain
    readonly weather: Weather
    readonly proxies: readonly FaultProxy[]
  }) {
    this.folder = init.folder
    this.victims = init.chain.nodes.map(
      (node, index) => new Victim(node, init.chain.endpoints[index]!.rpc),
    )
    this.#weather = init.weather
    this.#proxies = init.proxies
  }

  static async make({ nodeCount, consensus }: NetworkInit): Promise<ChaosNetwork> {
    const folder = mkdtempSync(join(tmpdir(), 'bcos-ts-chaos-'))
    const skipped = Math.floor(PORTS_PASSED_OVER / nodeCount) + (process.pid % PLACES)
    const chain = await prepareChain({
      folder: join(folder, 'nodes'),
      command: COMMAND,
      print: () => {},
      nodeCount,
      options: {
        ports: await freePorts({ nodeCount, skipped }),
        hosts: parseHostList(`127.0.0.1:${nodeCount}`),
        consensus,
      },
    })
    const weather = new Weather()
    const proxies = await connectByProxies(chain, weather)
    return new ChaosNetwork({ folder, chain, weather, proxies })
  }

  async start(): Promise<void> {
    await startNodes(this.victims.map(({ node }) => node))
  }

  async begin({ kind, nodes, flows }: Fault): Promise<void> {
    if (isLinkFault(kind)) return this.#weather.begin(kind, flows)
    const isKill = kind.startsWith('kill')
    if (isKill) await Promise.all(nodes.map((index) => this.victims[index]!.kill()))
    else for (const index of nodes) this.victims[index]!.freeze()
  }

  end({ kind, nodes, flows }: Fault): void {
    if (isLinkFault(kind)) return this.#weather.end(kind, flows)
    const isKill = kind.startsWith('kill')
    for (const index of nodes) {
      if (isKill) this.victims[index]?.revive()
      else this.victims[index]?.thaw()
    }
  }

  /** SIGKILL for all: also stopped ones end, and at once. */
  abandon(): void {
    for (const { node } of this.victims) void node.kill()
  }

  async stop(): Promise<void> {
    await Promise.all(this.victims.map(({ node }) => node.stop()))
    for (const proxy of this.#proxies) proxy.close()
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}

/** A proxy from each node to each other, in place of the addresses of the nodes. */
async function connectByProxies(chain: LocalChain, weather: Weather): Promise<FaultProxy[]> {
  const proxies: FaultProxy[] = []
  for (const [from, node] of chain.nodes.entries()) {
    const lines: string[] = []
    for (const [to, { p2p }] of chain.endpoints.entries()) {
      if (to === from) continue
      const proxy = new FaultProxy({ flow: [from, to], targetPort: p2p, weather })
      proxies.push(proxy)
      lines.push(`    node.${to}=127.0.0.1:${await proxy.listen()}`)
    }
    const file = join(node.folder, 'config.ini')
    const others = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !/^\s*node\.\d+=/.test(line))
      .join('\n')
      .replaceAll('=0.0.0.0', '=127.0.0.1')
    writeFileSync(file, others.replace('[p2p]\n', `[p2p]\n${lines.join('\n')}\n`))
  }
  return proxies
}

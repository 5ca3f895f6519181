/** Networks of local processes in which some nodes are of this package and some are C++ nodes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHostList } from '../../src/build-chain/host-list.ts'
import { freePorts, prepareChain } from '../../src/local-chain/local-chain.ts'
import { startNodes, until } from '../../src/local-chain/node-process.ts'
import { COMMAND } from '../chain-kit.ts'
import { hasten, Journal, Member } from '../scenario/network.ts'

const PLACES = 400
const CATCH_UP_MS = 180_000
/** What a block is on one chain and another, apart from who signed it. */
const FACTS = ['hash', 'stateRoot', 'dbHash', 'receiptsRoot', 'transactionsRoot'] as const

export type Kind = 'C++' | 'ts'

export interface MixedNode {
  /** `node0 (C++)` */
  readonly title: string
  readonly kind: Kind
  readonly member: Member
}

export interface MixedSetup {
  /** What runs each node. */
  readonly kinds: readonly Kind[]
  /** The program of a C++ node. */
  readonly program: string
  /** The first so many are sealers of the genesis block, the others nobody. */
  readonly sealers: number
  /** Blocks as soon as there is a transaction. */
  readonly isHasty: boolean
}

export class MixedNetwork {
  readonly nodes: readonly MixedNode[]
  readonly journal = new Journal()
  readonly folder: string

  private constructor(folder: string, nodes: (journal: Journal) => readonly MixedNode[]) {
    this.folder = folder
    this.nodes = nodes(this.journal)
  }

  /** Folders of `build-chain`, the same for both kinds; listening on this machine only. */
  static async make({ kinds, program, sealers, isHasty }: MixedSetup): Promise<MixedNetwork> {
    const parent = mkdtempSync(join(tmpdir(), 'bcos-ts-mixed-'))
    const nodeCount = kinds.length
    const chain = await prepareChain({
      folder: join(parent, 'nodes'),
      command: COMMAND,
      print: () => {},
      nodeCount,
      programOf: (index) => (kinds[index] === 'C++' ? program : undefined),
      options: {
        ports: await freePorts({ nodeCount, skipped: process.pid % PLACES }),
        hosts: parseHostList(`127.0.0.1:${nodeCount}`),
      },
    })
    const network = new MixedNetwork(parent, (journal) =>
      chain.nodes.map((node, index) => ({
        title: `${node.name} (${kinds[index] ?? ''})`,
        kind: kinds[index] ?? 'ts',
        member: new Member({ process: node, ports: chain.endpoints[index]!, journal }),
      })),
    )
    const strangers = network.nodes.slice(sealers).map(({ member }) => member.nodeId)
    for (const { member, kind } of network.nodes) {
      change(join(member.process.folder, 'config.ini'), (text) =>
        // Only our most talkative level tells which packets were dropped.
        text
          .replaceAll('=0.0.0.0', '=127.0.0.1')
          .replace('level=info', kind === 'ts' ? 'level=trace' : 'level=info'),
      )
      change(join(member.conf, 'group.1.genesis'), (text) => without(text, strangers))
      if (isHasty) hasten(join(member.conf, 'group.1.ini'))
    }
    return network
  }

  async start(): Promise<void> {
    await startNodes(this.nodes.map(({ member }) => member.process))
  }

  /** The nodes that run. */
  get alive(): readonly MixedNode[] {
    return this.nodes.filter(({ member }) => member.process.isRunning)
  }

  /** The height of the highest node. */
  async height(): Promise<number> {
    return Math.max(...(await Promise.all(this.alive.map(({ member }) => member.heightOf(1)))))
  }

  /** Waits until all nodes that run are at one height; which one. */
  async evenHeight(): Promise<number> {
    let height = -1
    await until('all nodes are at one height', CATCH_UP_MS, async () => {
      const heights = await Promise.all(this.alive.map(({ member }) => member.heightOf(1)))
      height = Math.max(...heights)
      return height >= 0 && heights.every((one) => one === height)
    })
    return height
  }

  /** Blocks after the given one on which nodes do not agree, with what they say. */
  async disagreements(from: number, to: number): Promise<readonly string[]> {
    const complaints: string[] = []
    for (let number = from; number <= to; number++) {
      const name = `0x${number.toString(16)}`
      const said = await Promise.all(
        this.alive.map(async ({ member, title }) => {
          const block = await member.ask('getBlockByNumber', 1, name, false)
          return { title, facts: FACTS.map((fact): unknown => Object(block)[fact]) }
        }),
      )
      if (new Set(said.map(({ facts }) => JSON.stringify(facts))).size > 1) {
        complaints.push(`block ${number}: ${JSON.stringify(said)}`)
      }
    }
    return complaints
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ member }) => member.process.stop()))
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}

function change(file: string, edit: (text: string) => string): void {
  writeFileSync(file, edit(readFileSync(file, 'utf8')))
}

function without(text: string, words: readonly string[]): string {
  return text
    .split('\n')
    .filter((line) => !words.some((word) => line.includes(word)))
    .join('\n')
}

/** Several whole nodes in one process: memory for a network, a folder each for a disk. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromHex, systemRandom, toHex } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { type BcosNode, type ChainContracts, type GroupRegistry, memoryNodes } from '@bcos-ts/node'
import { type Block, decodeTransaction, signTransaction } from '@bcos-ts/protocol'
import type { ImportResult } from '@bcos-ts/protocol/ports'
import type { JsonRpc } from '@bcos-ts/rpc'

export const suites = await createNodeSuites()

type Json = Readonly<Record<string, unknown>>

/** One node; it may be stopped and started again on its folder. */
export class ClusterNode {
  readonly nodeId: string
  readonly folder: string
  readonly #start: () => BcosNode
  readonly #rpc: () => JsonRpc
  #node: BcosNode | undefined

  constructor(init: {
    readonly nodeId: string
    readonly folder: string
    readonly start: () => BcosNode
    readonly rpc: () => JsonRpc
  }) {
    this.nodeId = init.nodeId
    this.folder = init.folder
    this.#start = init.start
    this.#rpc = init.rpc
  }

  get running(): BcosNode {
    if (this.#node === undefined) throw new Error('the node does not run')
    return this.#node
  }

  async start(): Promise<void> {
    this.#node = this.#start()
    await this.#node.start()
  }

  async stop(): Promise<void> {
    await this.#node?.stop()
    this.#node = undefined
  }

  /** The whole answer of JSON-RPC. */
  async ask(method: string, ...params: readonly unknown[]): Promise<Json> {
    const request = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
    const answer: Json = JSON.parse(await this.#rpc().handle(request, { refusals: 'now' }))
    return answer
  }

  async result(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const answer = await this.ask(method, ...params)
    if (answer['error'] !== undefined) throw new Error(JSON.stringify(answer))
    return answer['result']
  }

  /** The answer to a text, as a server of the node gives it. */
  handle(text: string): Promise<string> {
    return this.#rpc().handle(text, { refusals: 'now' })
  }

  heightOf(groupId: number): number {
    return this.running.service.group(groupId)?.chain.height() ?? -1
  }

  blockAt(groupId: number, number: number): Block | undefined {
    return this.running.service.group(groupId)?.chain.block(number)
  }

  hashAt(groupId: number, number: number): string {
    return toHex(this.running.service.group(groupId)?.chain.hashOf(number) ?? new Uint8Array(0))
  }

  /** A transaction of a signer that nobody knows; each has a nonce of its own. */
  submit(groupId: number, to: string, data: Uint8Array): ImportResult {
    const group = this.running.service.group(groupId)
    if (group === undefined) throw new Error(`group ${groupId} does not run`)
    const signed = signTransaction(
      {
        nonce: BigInt(`0x${toHex(systemRandom.bytes(16))}`),
        gasPrice: 1n,
        gas: 1n,
        blockLimit: BigInt(group.chain.height() + 500),
        to,
        value: 0n,
        data,
        chainId: 1n,
        groupId: BigInt(groupId),
        extraData: new Uint8Array(0),
      },
      SIGNER,
      suites.standard,
    )
    return group.pool.submit(signed)
  }

  submitRaw(groupId: number, raw: string): ImportResult {
    const group = this.running.service.group(groupId)
    if (group === undefined) throw new Error(`group ${groupId} does not run`)
    return group.pool.submit(decodeTransaction(fromHex(raw), suites.standard))
  }
}

const SIGNER = suites.standard.keyPair(new Uint8Array(32).fill(9))

export interface ClusterInit {
  /** Who seals which group from the beginning, by position. */
  readonly groups: Readonly<Record<number, readonly number[]>>
  readonly size: number
  readonly suite?: CryptoSuite
  /** Changes what the groups have alike. */
  readonly alterGenesis?: (text: string) => string
  /** The contracts of a node, asked for each time it starts. */
  readonly contracts?: (position: number) => ChainContracts
  /** Stands between a node and its files. */
  readonly registry?: (files: GroupRegistry, position: number) => GroupRegistry
}

export class Cluster {
  readonly nodes: readonly ClusterNode[]
  readonly #folder = mkdtempSync(join(tmpdir(), 'bcos-ts-cluster-'))

  constructor(init: ClusterInit) {
    const rpcs: (JsonRpc | undefined)[] = []
    const nodes = memoryNodes({
      suite: suites.standard,
      ...init,
      folder: this.#folder,
      suites,
      servers: ({ rpc }, position) => {
        rpcs[position] = rpc
        return []
      },
      onFailure: (error) => {
        throw error
      },
    })
    this.nodes = nodes.map(
      (node, position) =>
        new ClusterNode({
          ...node,
          start: () => node.create(),
          rpc: () => {
            const rpc = rpcs[position]
            if (rpc === undefined) throw new Error('the node was never started')
            return rpc
          },
        }),
    )
  }

  async start(): Promise<void> {
    await Promise.all(this.nodes.map(async (node) => node.start()))
    await this.connected()
  }

  async connected(): Promise<void> {
    await until('all nodes see each other', () =>
      this.nodes.every(
        (node) => node.running.service.network.peers().length === this.nodes.length - 1,
      ),
    )
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(async (node) => node.stop()))
    rmSync(this.#folder, { recursive: true })
  }

  async allReach(groupId: number, height: number, nodes = this.nodes): Promise<void> {
    await until(`group ${groupId} reaches block ${height}`, () =>
      nodes.every((node) => node.heightOf(groupId) >= height),
    )
  }
}

/** Waits until the condition holds; an error that says what was waited for when it does not in time. */
export async function until(what: string, holds: () => boolean, timeoutMs = 60_000): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += 20) {
    if (waitedMs > timeoutMs) throw new Error(`${what}: not within ${timeoutMs / 1000} s`)
    await new Promise((resolve) => void setTimeout(resolve, 20))
  }
}

/** Four node processes on one machine that make blocks as fast as they can. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { to0x } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { generateAccount } from '@bcos-ts/sdk'
import { type ChannelTransport, channelTransport } from '@bcos-ts/sdk/channel'
import type { NodeProcess } from '../../src/local-chain/node-process.ts'
import { startTestChain, type TestChain } from '../chain-kit.ts'

export type Json = Readonly<Record<string, unknown>>

const SOON_MS = 60_000
const POLL_MS = 10

/** Everything that was done and compared. */
export class Journal {
  /** Labels, in order. */
  readonly steps: string[] = []
  /** JSON-RPC methods that were called. */
  readonly methods = new Set<string>()
  /** Codes that native contracts answered with. */
  readonly codes = new Set<number>()
}

/** A node process with the name by which the chain knows it. */
export class Member {
  readonly nodeId: string
  readonly process: NodeProcess
  readonly ports: { readonly p2p: number; readonly channel: number; readonly rpc: number }
  readonly #journal: Journal

  constructor(init: {
    readonly process: NodeProcess
    readonly ports: Member['ports']
    readonly journal: Journal
  }) {
    this.process = init.process
    this.ports = init.ports
    this.#journal = init.journal
    this.nodeId = readFileSync(join(this.conf, 'node.nodeid'), 'utf8').trim()
  }

  get conf(): string {
    return join(this.process.folder, 'conf')
  }

  /** The answer to a request as it is, error or not. */
  async post(body: Json | readonly Json[]): Promise<Json> {
    for (const one of [body].flat()) this.#journal.methods.add(String(Object(one).method))
    const response = await fetch(`http://127.0.0.1:${this.ports.rpc}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    const answer: Json = JSON.parse(await response.text())
    return answer
  }

  /** The result; throws for an error. */
  async ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const answer = await this.post({ jsonrpc: '2.0', method, params, id: 1 })
    if (answer['error'] !== undefined) {
      throw new Error(`${method} ${JSON.stringify(params)}: ${JSON.stringify(answer['error'])}`)
    }
    return answer['result']
  }

  /** The height of a group, or -1 when the node does not serve it now. */
  async heightOf(groupId: number): Promise<number> {
    return this.ask('getBlockNumber', groupId).then(Number, () => -1)
  }

  async hashesOf(groupId: number, height: number): Promise<readonly unknown[]> {
    const numbers = Array.from({ length: height + 1 }, (_, number) => number)
    return Promise.all(
      numbers.map((number) =>
        this.ask('getBlockHashByNumber', groupId, `0x${number.toString(16)}`),
      ),
    )
  }

  /** SIGKILL in the middle of whatever it does, and a new process on what it left. */
  async killAndRestart(): Promise<void> {
    await this.process.kill()
    this.process.start()
    await soon(`${this.process.name} is back`, async () => (await this.heightOf(1)) >= 0)
  }

  /** How an application connects. */
  channel({ chain }: Network): ChannelTransport {
    const text = (name: string) => readFileSync(join(chain.sdkFolder, name), 'utf8')
    return channelTransport({
      host: '127.0.0.1',
      port: this.ports.channel,
      ca: text('ca.crt'),
      certificate: text('sdk.crt'),
      key: text('sdk.key'),
    })
  }
}

export interface Network {
  readonly chain: TestChain
  /** In ascending order of their ids. */
  readonly members: readonly Member[]
  readonly journal: Journal
}

export async function startNetwork(): Promise<Network> {
  const journal = new Journal()
  const chain = await startTestChain({
    prepare: ({ nodes }) => {
      for (const { folder } of nodes) hasten(join(folder, 'conf', 'group.1.ini'))
    },
  })
  const members = chain.nodes.map(
    (process, index) => new Member({ process, ports: chain.endpoints[index]!, journal }),
  )
  return {
    chain,
    members: members.toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1)),
    journal,
  }
}

/** Blocks of one transaction each are not worth half a second of waiting for more. */
export function hasten(settings: string): void {
  const text = readFileSync(settings, 'utf8')
  const faster = text.replace('min_block_generation_time=500', 'min_block_generation_time=1')
  writeFileSync(settings, faster)
}

/** Has members make a group of themselves, as their operators would, and start it. */
export async function makeGroup(groupId: number, members: readonly Member[]): Promise<void> {
  const sealers = members.map(({ nodeId }) => nodeId)
  for (const member of members) {
    await succeed(member, 'generateGroup', groupId, { timestamp: '1795327204000', sealers })
    hasten(join(member.conf, `group.${groupId}.ini`))
    await succeed(member, 'startGroup', groupId)
  }
}

export async function succeed(
  member: Member,
  method: string,
  ...params: readonly unknown[]
): Promise<void> {
  const { code, message } = Object(await member.ask(method, ...params))
  if (code !== '0x0') throw new Error(`${method} ${String(params[0])}: ${String(message)}`)
}

/** Waits until the condition holds; an error that says what was waited for when it does not in time. */
export async function soon(what: string, holds: () => Promise<boolean>): Promise<void> {
  const start = performance.now()
  while (!(await holds())) {
    if (performance.now() - start > SOON_MS) throw new Error(`${what}: not within a minute`)
    await new Promise((resolve) => void setTimeout(resolve, POLL_MS))
  }
}

/** All members at the height of the highest of them. */
export async function evenHeight(groupId: number, members: readonly Member[]): Promise<number> {
  const heights = async () => Promise.all(members.map((one) => one.heightOf(groupId)))
  let height = -1
  await soon(`all members of group ${groupId} are at one height`, async () => {
    const now = await heights()
    height = Math.max(...now)
    return now.every((one) => one === height)
  })
  return height
}

const DAG_TRANSFER = '5002'.padStart(40, '0')
const account = generateAccount(standardSuite)

/** A transaction through a member; the number of its block. */
export async function mine(member: Member, groupId: number): Promise<number> {
  const client = member.process.client.group(groupId)
  const transaction = { to: DAG_TRANSFER, data: new Uint8Array(4) }
  const signed = await client.sign(account, transaction)
  await member.ask('sendRawTransaction', groupId, to0x(signed.raw))
  let number = -1
  await soon(`a block of group ${groupId}`, async () => {
    const receipt = await member.ask('getTransactionReceipt', groupId, to0x(signed.hash))
    number = Number(Object(receipt).blockNumber ?? -1)
    return number >= 0
  })
  return number
}

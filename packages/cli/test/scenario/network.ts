/** Four node processes on one machine that make blocks as fast as they can. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NodeProcess } from '../../src/demo/node-process.ts'
import { startTestChain, type TestChain } from '../chain-kit.ts'
import type { Json } from './recording.ts'

/** A node process with the name by which the chain knows it. */
export interface Member {
  readonly nodeId: string
  readonly process: NodeProcess
  readonly url: string
  readonly channelPort: number
}

export interface Network {
  readonly chain: TestChain
  /** In ascending order of their ids. */
  readonly members: readonly Member[]
}

export async function startNetwork(): Promise<Network> {
  const chain = await startTestChain({
    prepare: ({ nodes }) => {
      for (const { folder } of nodes) hasten(join(folder, 'conf', 'group.1.ini'))
    },
  })
  const members = chain.nodes.map((process, index) => ({
    nodeId: readFileSync(join(process.folder, 'conf', 'node.nodeid'), 'utf8').trim(),
    process,
    url: `http://127.0.0.1:${chain.endpoints[index]!.rpc}`,
    channelPort: chain.endpoints[index]!.channel,
  }))
  return { chain, members: members.toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1)) }
}

/** Blocks of one transaction each are not worth half a second of waiting for more. */
export function hasten(settings: string): void {
  const text = readFileSync(settings, 'utf8')
  const faster = text.replace('min_block_generation_time=500', 'min_block_generation_time=1')
  writeFileSync(settings, faster)
}

/** The answer to a request as it is, error or not. */
export async function post(member: Member, body: unknown): Promise<Json> {
  const response = await fetch(member.url, { method: 'POST', body: JSON.stringify(body) })
  const answer: Json = JSON.parse(await response.text())
  return answer
}

export async function ask(
  member: Member,
  method: string,
  ...params: readonly unknown[]
): Promise<unknown> {
  const answer = await post(member, { jsonrpc: '2.0', method, params, id: 1 })
  if (answer['error'] !== undefined) {
    throw new Error(`${method} ${JSON.stringify(params)}: ${JSON.stringify(answer['error'])}`)
  }
  return answer['result']
}

const SOON_MS = 60_000
const POLL_MS = 10

/** Waits until the condition holds; an error that says what was waited for when it does not in time. */
export async function soon(what: string, holds: () => Promise<boolean>): Promise<void> {
  const start = performance.now()
  while (!(await holds())) {
    if (performance.now() - start > SOON_MS) throw new Error(`${what}: not within a minute`)
    await new Promise((resolve) => void setTimeout(resolve, POLL_MS))
  }
}

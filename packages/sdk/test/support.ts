import { concatBytes, fromHex, toHex, utf8 } from '@bcos-ts/common'
import type { SuiteName } from '@bcos-ts/crypto'
import { afterEach } from 'vitest'
import { channelTransport } from '../src/channel.ts'
import { Client, type ClientInit, httpTransport, type Transport } from '../src/index.ts'
import { webSocketTransport } from '../src/websocket.ts'
import { suiteOf, testGroup, type TestGroup } from './test-chain.ts'
import { credentialsOf, startTestNode, type TestNode } from './test-node.ts'

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

export function atEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup)
}

export type TransportName = 'http' | 'websocket' | 'channel'

export const TRANSPORTS: readonly TransportName[] = ['http', 'websocket', 'channel']

export function transportTo(node: TestNode, name: TransportName): Transport {
  if (name === 'http') return httpTransport({ url: node.httpUrl })
  if (name === 'websocket') return webSocketTransport({ url: node.webSocketUrl })
  return channelTransport({ host: '127.0.0.1', port: node.channelPort, ...credentialsOf('sdk') })
}

export interface SetupInit extends Partial<Omit<ClientInit, 'suite'>> {
  readonly suite?: SuiteName
}

export interface Setup {
  readonly group: TestGroup
  readonly node: TestNode
  readonly client: Client
}

/** A node with one group, and a client of it. */
export async function setup(
  name: TransportName = 'http',
  { suite = 'standard', ...init }: SetupInit = {},
): Promise<Setup> {
  const group = await testGroup(suite)
  atEnd(() => group.group.stop())
  const node = await startTestNode({ suite, groups: [group] })
  atEnd(() => node.stop())
  const client = clientOf(transportTo(node, name), init)
  return { group, node, client }
}

/** A client that is closed at the end of the test. */
export function clientOf(transport: Transport, init: Partial<ClientInit> = {}): Client {
  const client = new Client({ transport, pollMs: 20, ...init })
  atEnd(() => client.close())
  return client
}

/** Waits for something that others bring about. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (await holds()) return
    await new Promise((resolve) => void setTimeout(resolve, 10))
  }
  throw new Error(`never: ${what}`)
}

/** Logs `Noted(key, value)` with its first two arguments whatever function is called, and returns the second. */
export const NOTES_ABI = [
  {
    type: 'function',
    name: 'note',
    inputs: [
      { name: 'key', type: 'uint256' },
      { name: 'value', type: 'uint256' },
    ],
    outputs: [{ name: '', type: 'uint256' }],
  },
  {
    type: 'event',
    name: 'Noted',
    inputs: [
      { name: 'key', type: 'uint256', indexed: true },
      { name: 'value', type: 'uint256', indexed: false },
    ],
  },
] as const

export function notesCode(suite: SuiteName = 'standard'): Uint8Array {
  const topic = toHex(suiteOf(suite).hash(utf8('Noted(uint256,uint256)')))
  const code = fromHex(`6024356000526004357f${topic}60206000a260206000f3`)
  const size = code.length.toString(16).padStart(4, '0')
  return concatBytes(fromHex(`61${size}80600c6000396000f3`), code)
}

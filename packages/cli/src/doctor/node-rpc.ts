/**
 * What a running node tells of itself through JSON-RPC.
 * @module
 */
import { isBcosError } from '@bcos-ts/common'
import type { NodeFiles } from '@bcos-ts/node'
import { httpTransport } from '@bcos-ts/sdk'
import { ProbeFailedError } from '../errors.ts'

const TIMEOUT_MS = 5000

/** What a method answered: a result, or the number of an error; neither when nobody answered as a node does. */
export interface Answer {
  readonly result?: unknown
  readonly code?: number
}

export type Ask = (method: string, params?: readonly unknown[]) => Promise<Answer>

export interface Peer {
  readonly endpoint: string
  readonly nodeId: string
}

/** A node that answers. */
export interface RunningNodeView {
  readonly nodeId: string
  readonly peers: readonly Peer[]
  readonly ask: Ask
}

/** The node behind the JSON-RPC port of these files, if one answers. */
export async function viewRunningNode({ config }: NodeFiles): Promise<RunningNodeView | undefined> {
  const { host, port } = config.rpc.http
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const shown = address.includes(':') ? `[${address}]` : address
  const transport = httpTransport({ url: `http://${shown}:${port}`, timeoutMs: TIMEOUT_MS })
  const ask: Ask = async (method, params = []) => {
    try {
      return { result: await transport.request(method, params) }
    } catch (error) {
      if (isBcosError(error, 'SDK_RPC_ERROR')) return { code: Number(error.details['rpcCode']) }
      if (!isBcosError(error)) throw error
      return {}
    }
  }
  const nodeId = textOf(recordOf((await ask('getNodeInfo')).result)['NodeID'])
  if (nodeId === undefined) return undefined
  const peers = listOf((await ask('getPeers', [1])).result).map((peer) => ({
    endpoint: textOf(recordOf(peer)['IPAndPort']) ?? '',
    nodeId: textOf(recordOf(peer)['NodeID']) ?? '',
  }))
  return { nodeId, peers, ask }
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A number, or the text of one in decimal or hex. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** What a text of JSON says. Throws `CLI_PROBE_FAILED` for any other text. */
export function parseAnswer(text: string): Readonly<Record<string, unknown>> {
  try {
    return recordOf(JSON.parse(text))
  } catch {
    throw new ProbeFailedError('what answers does not speak JSON, as a node does')
  }
}

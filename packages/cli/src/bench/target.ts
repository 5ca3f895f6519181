/**
 * The chain that a bench loads: one of its own, or one that runs already.
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { Client, httpTransport } from '@bcos-ts/sdk'
import { prepareChain } from '../local-chain/local-chain.ts'
import { type NodeProcess, startNodes } from '../local-chain/node-process.ts'
import { startMemoryChainProcess } from './memory-chain-process.ts'
import { type ProcessUse, useOf } from './processes.ts'
import type { BenchTarget, TimedMeasurement } from './run.ts'
import { type CpuProfile, IDLE, stagesOf } from './stages.ts'

/** A chain that can be loaded, and then be asked where its time went. */
export interface BenchChain extends BenchTarget {
  /** Ends the chain if it is the bench's own. µs of a transaction by stage, where that can be known. */
  finish(timed: TimedMeasurement | undefined): Promise<Readonly<Record<string, number>> | null>
}

const RECEIPT_MS = 60_000
const REQUEST_MS = 30_000
const US = 1000
const PROFILE_INTERVAL_US = 500

/** A chain of other processes: `urls` are the JSON-RPC addresses of its nodes, C++ ones or ours. */
export async function runningChain(urls: readonly string[], groupId: number): Promise<BenchChain> {
  const client = clientOf(urls[0] ?? '', groupId)
  return {
    urls,
    client,
    suite: await suiteOf(client),
    groupId,
    use: () => [],
    finish: async () => {
      await client.close()
      return null
    },
  }
}

/** What a chain of the bench's own is like. */
export interface OwnChainInit {
  readonly nodeCount: number
  /** The built command. */
  readonly command: string
  /** Whether CPU profiles are made … */
  readonly isProfiled: boolean
  /** … and kept, in this folder. */
  readonly keptProfiles: string | undefined
  /** All nodes share a process, and memory takes the place of the network. */
  readonly isOneProcess: boolean
  /** National cryptography; only in one process. */
  readonly isGuomi: boolean
}

/** New nodes on this machine, in a folder that is gone afterwards. */
export async function ownChain(init: OwnChainInit): Promise<BenchChain> {
  const parent = mkdtempSync(join(tmpdir(), 'bcos-ts-bench-'))
  const profiles = init.keptProfiles ?? join(parent, 'profiles')
  const flags = init.isProfiled ? profilingTo(profiles) : []
  const remove = (): void => rmSync(parent, { recursive: true, force: true })
  let started: StartedNodes | undefined
  try {
    const startedMs = performance.now()
    const start = init.isOneProcess ? startInOneProcess : startProcesses
    started = await start(join(parent, 'nodes'), init, flags)
    const { urls, use, stop } = started
    const client = clientOf(urls[0] ?? '', 1)
    return {
      urls,
      client,
      suite: await suiteOf(client),
      groupId: 1,
      use,
      finish: async (timed) => {
        await client.close()
        await stop()
        const isKnown = init.isProfiled && timed !== undefined
        const stages = isKnown ? stageTimes(profiles, timed, startedMs) : null
        remove()
        return stages
      },
    }
  } catch (error) {
    await started?.stop()
    remove()
    throw error
  }
}

interface StartedNodes extends Pick<BenchTarget, 'urls' | 'use'> {
  readonly stop: () => Promise<void>
}

async function startProcesses(
  folder: string,
  { nodeCount, command }: OwnChainInit,
  nodeFlags: readonly string[],
): Promise<StartedNodes> {
  const chain = await prepareChain({ folder, command, nodeCount, nodeFlags, print: () => {} })
  const { nodes, endpoints } = chain
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()))
  }
  try {
    await startNodes(nodes)
  } catch (error) {
    await stop()
    throw error
  }
  const urls = endpoints.map(({ rpc }) => `http://127.0.0.1:${rpc}`)
  return { urls, use: () => usesOf(nodes), stop }
}

async function startInOneProcess(
  folder: string,
  init: OwnChainInit,
  flags: readonly string[],
): Promise<StartedNodes> {
  const { urls, pid, stop } = await startMemoryChainProcess({ ...init, folder, flags })
  return { urls, use: () => sharesOf(pid, init.nodeCount), stop }
}

/** Each node has its part of the process. */
function sharesOf(pid: number, nodeCount: number): readonly ProcessUse[] {
  const whole = useOf(pid)
  if (whole === undefined) return []
  const share: ProcessUse = {
    cpuMs: whole.cpuMs / nodeCount,
    mainCpuMs: whole.mainCpuMs / nodeCount,
    memoryMiB: whole.memoryMiB / nodeCount,
  }
  return Array.from({ length: nodeCount }, () => share)
}

function profilingTo(folder: string): readonly string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${PROFILE_INTERVAL_US}`]
}

function clientOf(url: string, groupId: number): Client {
  return new Client({
    transport: httpTransport({ url, timeoutMs: REQUEST_MS }),
    groupId,
    receiptTimeoutMs: RECEIPT_MS,
  })
}

async function suiteOf(client: Client) {
  const { standard, guomi } = await createNodeSuites()
  const { name } = await client.suite()
  return name === 'guomi' ? guomi : standard
}

function usesOf(nodes: readonly NodeProcess[]): readonly ProcessUse[] {
  const uses: ProcessUse[] = []
  for (const { pid } of nodes) {
    const use = pid === undefined ? undefined : useOf(pid)
    if (use !== undefined) uses.push(use)
  }
  return uses
}

/**
 * Mean of the nodes. Samples are taken by the clock, also while a thread waits for a processor: they give the shares,
 * and what the operating system counted for the main thread gives the whole.
 */
function stageTimes(
  folder: string,
  { measurement, fromMs, toMs, mainCpuUs }: TimedMeasurement,
  startedMs: number,
): Readonly<Record<string, number>> {
  const window = [US * (fromMs - startedMs), US * (toMs - startedMs)] as const
  const sampled = new Map<string, number>()
  let all = 0
  for (const file of readdirSync(folder)) {
    const profile: CpuProfile = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    for (const [stage, us] of stagesOf(profile, window)) {
      if (stage === IDLE) continue
      sampled.set(stage, (sampled.get(stage) ?? 0) + us)
      all += us
    }
  }
  const ofMain = [...sampled].map(([stage, us]) => [stage, (mainCpuUs * us) / all] as const)
  const others = (measurement.cpuUsPerTransaction.node ?? mainCpuUs) - mainCpuUs
  return Object.fromEntries(
    [...ofMain, ['other threads: signatures, disk, collector, compiler', others] as const]
      .toSorted(([, a], [, b]) => b - a)
      .map(([stage, us]) => [stage, Math.round(10 * us) / 10]),
  )
}

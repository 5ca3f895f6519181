import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { BenchFailedError } from '../errors.ts'

const STOP_MS = 10_000

/** A chain whose nodes share one process, which is not this one. */
export interface MemoryChainProcess {
  readonly urls: readonly string[]
  readonly pid: number
  readonly stop: () => Promise<void>
}

/** Throws `CLI_BENCH_FAILED` when the process ends before its nodes serve. */
export async function startMemoryChainProcess(init: {
  readonly folder: string
  readonly nodeCount: number
  readonly isGuomi: boolean
  /** The built command. */
  readonly command: string
  /** Options of Node itself. */
  readonly flags: readonly string[]
}): Promise<MemoryChainProcess> {
  const { folder, nodeCount, isGuomi, command, flags } = init
  const words = [
    'memory-chain',
    folder,
    '--nodes',
    String(nodeCount),
    ...(isGuomi ? ['--guomi'] : []),
  ]
  const child = spawn(process.execPath, [...flags, command, ...words], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const line = await firstLine(child)
  const { pid } = child
  if (line === undefined || pid === undefined) {
    throw new BenchFailedError('the nodes could not be started; their process has said why')
  }
  const urls: readonly string[] = JSON.parse(line)
  return { urls, pid, stop: () => stop(child) }
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined
  for await (const line of createInterface({ input: child.stdout })) return line
  return undefined
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(timer)
}

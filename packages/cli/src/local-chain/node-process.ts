import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, httpTransport } from '@bcos-ts/sdk'
import { nodeEnvironment } from '../process-options.ts'

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 10_000
const POLL_MS = 100

export interface NodeProcessInit {
  readonly name: string
  /** Folder with `config.ini`. */
  readonly folder: string
  readonly rpcPort: number
  /** The built command. */
  readonly command: string
  /** Options of Node itself. */
  readonly flags?: readonly string[]
  /** A program of another implementation that serves the folder in place of the command, by `-c config.ini`. */
  readonly program?: string
}

/** One node as an operating system process that stops when this one is gone, looked at through JSON-RPC only. */
export class NodeProcess {
  readonly name: string
  readonly folder: string
  readonly client: Client
  readonly #init: NodeProcessInit
  #process: ChildProcess | undefined

  constructor(init: NodeProcessInit) {
    this.name = init.name
    this.folder = init.folder
    this.#init = init
    const url = `http://127.0.0.1:${init.rpcPort}`
    this.client = new Client({ transport: httpTransport({ url, timeoutMs: 5000 }) })
  }

  get isRunning(): boolean {
    return (
      this.#process !== undefined &&
      this.#process.exitCode === null &&
      this.#process.signalCode === null
    )
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  start(): void {
    const output = openSync(join(this.folder, 'nohup.out'), 'a')
    const { command, flags = [], program } = this.#init
    // What keeps a node of ours small would change how another implementation does.
    const { file, args, env } =
      program === undefined
        ? {
            file: process.execPath,
            args: [...flags, command, 'start'],
            env: nodeEnvironment(process.env),
          }
        : { file: program, args: [], env: process.env }
    this.#process = spawn(file, [...args, '-c', 'config.ini'], {
      cwd: this.folder,
      env,
      stdio: ['ignore', output, output, 'ipc'],
    })
    closeSync(output)
  }

  /** SIGKILL: nothing is written, nothing is closed. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** SIGTERM, and after ten seconds SIGKILL. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#process
    if (running === undefined || !this.isRunning) return
    const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()))
    running.kill(signal)
    const timer = setTimeout(() => running.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await ended
    clearTimeout(timer)
  }

  /** The height, or `undefined` while the node does not answer. */
  async height(): Promise<number | undefined> {
    try {
      return await this.client.getBlockNumber()
    } catch {
      // Not up yet, or down: that is what the caller wants to know.
      return undefined
    }
  }

  /** The nodes that it is connected to, or `undefined` while it does not answer. */
  async peerCount(): Promise<number | undefined> {
    try {
      const peers = await this.client.request('getPeers')
      return Array.isArray(peers) ? peers.length : undefined
    } catch {
      return undefined
    }
  }
}

/** Starts nodes, and waits until all of them answer and see each other. */
export async function startNodes(nodes: readonly NodeProcess[]): Promise<void> {
  for (const node of nodes) node.start()
  await allConnected(nodes)
}

/** Throws at once when a node has ended, with the place where it says why. */
export async function allConnected(nodes: readonly NodeProcess[]): Promise<void> {
  await until('the nodes answer and see each other', START_TIMEOUT_MS, async () => {
    const dead = nodes.find((node) => !node.isRunning)
    if (dead !== undefined) throw new Error(`${dead.name} ended; ${dead.folder}/nohup.out says why`)
    // A node need not be in any group to count.
    const counts = await Promise.all(nodes.map((node) => node.peerCount()))
    return counts.every((count) => count === nodes.length - 1)
  })
}

/** Waits until the condition holds; an error that says what was waited for when it does not in time. */
export async function until(
  what: string,
  timeoutMs: number,
  holds: () => Promise<boolean> | boolean,
): Promise<void> {
  for (let waitedMs = 0; waitedMs <= timeoutMs; waitedMs += POLL_MS) {
    if (await holds()) return
    await sleep(POLL_MS)
  }
  throw new Error(`${what}: not within ${Math.round(timeoutMs / 1000)} s`)
}

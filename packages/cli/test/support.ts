import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Clock, fromUtf8, systemClock } from '@bcos-ts/common'
import { generateRsaKey, type RsaKey } from '@bcos-ts/crypto/node'
import {
  buildChain,
  type ChainOptions,
  type ChainPlan,
  main,
  parseHostList,
  Terminal,
} from '../src/index.ts'

/** What a command line did. */
export interface Outcome {
  readonly exitCode: number
  readonly out: string
  readonly err: string
}

interface Circumstances {
  /** What a user types at the terminal, line by line; there is nobody without. */
  readonly typed?: readonly string[]
  readonly clock?: Clock
  /** Standard error is a terminal. */
  readonly isTty?: boolean
}

/** Runs a command line in this process. */
export async function bcosTs(
  args: readonly string[],
  { typed, clock = systemClock, isTty = false }: Circumstances = {},
): Promise<Outcome> {
  const output = collect()
  const errors = collect()
  const terminal = new Terminal({
    input: typed === undefined ? new PassThrough() : typist(typed),
    output: output.stream,
    errors: Object.assign(errors.stream, { isTTY: isTty }),
    hasColors: false,
  })
  const exitCode = await main(args, terminal, clock)
  return { exitCode, out: output.text(), err: errors.text() }
}

/** Runs another program to its end. */
export async function runProgram(program: string, args: readonly string[]): Promise<Outcome> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { exitCode: child.exitCode ?? -1, out, err }
}

function collect(): { readonly stream: PassThrough; readonly text: () => string } {
  const stream = new PassThrough()
  let collected = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    collected += chunk
  })
  return { stream, text: () => collected }
}

/** A terminal whose user types a line whenever it stops showing what is typed. */
function typist(lines: readonly string[]) {
  const left = [...lines]
  const input = new PassThrough()
  return Object.assign(input, {
    isTTY: true,
    setRawMode(isRaw: boolean) {
      if (isRaw) queueMicrotask(() => input.write(`${left.shift() ?? ''}\r`))
    },
  })
}

let rsaKey: Promise<RsaKey> | undefined

/** Making RSA keys takes long, and tests that do not look at them can share one. */
async function sharedRsaKey(): Promise<RsaKey> {
  rsaKey ??= generateRsaKey()
  return rsaKey
}

/** A chain without waiting for RSA keys; four nodes on this host unless told otherwise. */
export async function planChain(options: Partial<ChainOptions> = {}): Promise<ChainPlan> {
  return buildChain({
    hosts: parseHostList('127.0.0.1:4'),
    command: ['/usr/bin/node', '/opt/bcos-ts/bin/bcos-ts.js'],
    nowMs: systemClock.nowMs(),
    newRsaKey: sharedRsaKey,
    ...options,
  })
}

/** The text of a planned file. */
export function textOf({ files }: ChainPlan, path: string): string {
  const file = files.find((one) => one.path === path)
  if (file === undefined) throw new Error(`the plan has no ${path}`)
  return typeof file.content === 'string' ? file.content : fromUtf8(file.content)
}

/** A source that gives the same bytes every time. */
export function countingRandom() {
  let next = 1
  return {
    bytes: (length: number) => {
      const bytes = new Uint8Array(length)
      bytes.forEach((_, index) => {
        next = (next * 48_271) % 2_147_483_647
        bytes[index] = index === 0 ? 1 + (next % 100) : next & 0xff
      })
      return bytes
    },
  }
}

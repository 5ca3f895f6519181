import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runProgram } from './support.ts'

const BINARY = join(import.meta.dirname, '..', 'bin', 'bcos-ts.js')

const binary = async (...args: readonly string[]) => runProgram(process.execPath, [BINARY, ...args])

/** Ports that nobody has now. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' ? (address?.port ?? 0) : 0
  })
  for (const server of servers) server.close()
  return ports
}

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the built command', () => {
  it('makes a chain whose scripts find it again', async () => {
    const output = join(folder, 'nodes')
    const made = await binary('build-chain', '-l', '127.0.0.1:1', '-o', output)
    expect([made.exitCode, made.err]).toEqual([0, 'making keys and certificates\n'])
    const { out } = await runProgram('sh', [join(output, '127.0.0.1', 'bcos-ts'), '-v'])
    expect(out).toBe((await binary('-v')).out)
    expect(out).toMatch(/^FISCO-BCOS Version : 2\.9\.1\n/)
  })

  it('ends with 2 for wrong arguments and 1 for failures, and one line for each', async () => {
    const wrong = await binary('replay', join(folder, 'none'))
    expect([wrong.exitCode, wrong.out]).toEqual([2, ''])
    expect(wrong.err).toMatch(/^error: .*REPLAY_INVALID_RECORDING.*\n--verbose tells more\n$/)
    const failed = await binary('cert', 'show', join(folder, 'none'))
    expect([failed.exitCode, failed.out]).toEqual([1, ''])
    expect(failed.err).toMatch(/^error: .*CLI_FILE_UNREADABLE.*\n--verbose tells more\n$/)
  })

  it('starts a node that its scripts run, and that answers', async () => {
    const output = join(folder, 'nodes')
    const ports = await freePorts(3)
    await binary('build-chain', '-l', '127.0.0.1:1', '-o', output, '-p', ports.join(','))
    const host = join(output, '127.0.0.1')
    try {
      const started = await runProgram('sh', [join(host, 'start_all.sh')])
      expect(started.out).toMatch(/node0 start successfully pid=\d+/)
      const response = await fetch(`http://127.0.0.1:${ports[2]}`, {
        method: 'POST',
        body: '{"jsonrpc":"2.0","id":1,"method":"getBlockNumber","params":[1]}',
      })
      expect(await response.json()).toMatchObject({ result: '0x0' })
    } finally {
      const stopped = await runProgram('sh', [join(host, 'stop_all.sh')])
      expect(stopped.out).toBe(' node0 stopped\n')
    }
    const said = readFileSync(join(host, 'node0', 'nohup.out'), 'utf8')
      .trimEnd()
      .split('\n')
    expect(said.map((line) => line.replace(/^\[.{19}\] /, ''))).toEqual([
      'Initializing...',
      'The FISCO-BCOS is running...',
      'FISCO-BCOS program exit normally.',
    ])
  })

  it('says in one line why a node does not start', async () => {
    const { exitCode, err } = await binary('start', '-c', join(folder, 'config.ini'))
    expect(exitCode).toBe(1)
    expect(err).toMatch(/^error: .*config\.ini.* \(CONFIG_UNREADABLE\)\n--verbose tells more\n$/)
  })

  it('makes accounts', async () => {
    const { out } = await binary('account', 'new', '-o', folder)
    const [address = ''] = /0x[0-9a-f]{40}/.exec(out) ?? []
    expect(existsSync(join(folder, 'ecdsa', `${address}.pem`))).toBe(true)
  })
})

import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { Consensus, generateAccount } from '@bcos-ts/sdk'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseHostFile, writeChain } from '../src/index.ts'
import { NodeProcess, until } from '../src/local-chain/node-process.ts'
import { COMMAND, testPorts } from './chain-kit.ts'
import { bcosTs, type Outcome, planChain, textOf } from './support.ts'

const DAY_MS = 86_400_000
const HOSTS = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const

let parent: string
let nodes: NodeProcess[]
let ports: { readonly p2p: number; readonly channel: number; readonly rpc: number }
const changed = new Map<string, string>()

/** Two sealers of two agencies, and a node that runs their group without being in it. */
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'bcos-ts-doctor-'))
  ports = await testPorts()
  const portsOf = (index: number): string =>
    Object.values(ports)
      .map((one) => one + index)
      .join()
  const lines = [
    `${HOSTS[0]}:1 agencyA 1 ${portsOf(0)}`,
    `${HOSTS[1]}:1 agencyB 1 ${portsOf(1)}`,
    `${HOSTS[2]}:1 agencyA 2 ${portsOf(2)}`,
  ]
  const plan = await planChain({
    hosts: parseHostFile(lines.join('\n'), 'hosts'),
    isRsaChannel: false,
    command: [process.execPath, COMMAND],
  })
  await writeChain(plan, join(parent, 'nodes'))
  nodes = HOSTS.map((host, index) => {
    const folder = join(parent, 'nodes', host, 'node0')
    return new NodeProcess({
      name: `node${index}`,
      folder,
      rpcPort: ports.rpc + index,
      command: COMMAND,
    })
  })
  writeFileSync(file(2, 'conf/group.1.genesis'), readFileSync(file(0, 'conf/group.1.genesis')))
  for (const node of nodes) node.start()
  await connected()
}, 120_000)

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()))
  rmSync(parent, { recursive: true })
})

afterEach(restore)

const file = (index: number, path: string): string => join(nodes[index]!.folder, path)
const sdk = (index: number): string => join(parent, 'nodes', HOSTS[index]!, 'sdk')

async function connected(): Promise<void> {
  await until('all are connected', 60_000, async () => {
    const counts = await Promise.all(nodes.map((node) => node.peerCount()))
    return counts.every((count) => count === 2)
  })
}

/** Changes a file until {@link restore}. */
function change(path: string, edit: (text: string) => string): void {
  const text = readFileSync(path, 'utf8')
  if (!changed.has(path)) changed.set(path, text)
  const next = edit(text)
  expect(next, path).not.toBe(text)
  writeFileSync(path, next)
}

function restore(): void {
  for (const [path, text] of changed) writeFileSync(path, text)
  changed.clear()
}

async function signal(index: number, name: string): Promise<void> {
  const path = file(index, `config.ini.${name}`)
  writeFileSync(path, '')
  await until(`${name} is taken`, 10_000, () => !existsSync(path))
}

const examine = (index: number, clock = systemClock): Promise<Outcome> =>
  bcosTs(['doctor', nodes[index]!.folder], { clock })
const examineSdk = (folder: string, port: number, clock = systemClock): Promise<Outcome> =>
  bcosTs(['doctor', '--sdk', folder, '--connect', `127.0.0.1:${port}`], { clock })

/** The one thing that is told first, and the exit code. */
function verdict({ exitCode, out }: Outcome): string {
  return `${exitCode} ${out.split('\n')[0]}`
}

const FAR: typeof systemClock = { nowMs: () => systemClock.nowMs() + 40_000 * DAY_MS }
const SOON: typeof systemClock = { nowMs: () => systemClock.nowMs() + 36_490 * DAY_MS }

describe('bcos-ts doctor, with one thing broken at a time', () => {
  it('finds nothing wrong with a node that works', async () => {
    const outcome = await examine(0)
    expect(verdict(outcome)).toBe('0 Nothing is wrong.')
    for (const part of ['node0 of agencyB', 'sealer, one of 2', 'all 2 are connected']) {
      expect(outcome.out).toContain(part)
    }
    expect(outcome.out).toMatch(/group 1: progress .* from block/)
  })

  it('names the line that cannot be read, and a folder that is none', async () => {
    change(file(0, 'config.ini'), (text) => `${text}\nnonsense\n`)
    expect(verdict(await examine(0))).toMatch(/^1 WRONG configuration files: .*CONFIG_SYNTAX/)
    restore()
    expect(verdict(await bcosTs(['doctor', parent]))).toMatch(/^1 WRONG .*there is no/)
  })

  it('finds the key of another node', async () => {
    change(file(0, 'conf/node.key'), () => readFileSync(file(1, 'conf/node.key'), 'utf8'))
    expect(verdict(await examine(0))).toMatch(/^1 WRONG node: key and certificate: the key belongs/)
    restore()
  })

  it('finds the authority of another chain', async () => {
    const other = await planChain({ isRsaChannel: false })
    change(file(0, 'conf/ca.crt'), () => textOf(other, 'cert/ca.crt'))
    const outcome = await examine(0)
    expect(verdict(outcome)).toMatch(/^1 WRONG node: certificate chain: .*is not trusted/)
    expect(outcome.out).toMatch(/WRONG .*peer 127.0.0.2.*does not lead to this node's authority/)
    restore()
  })

  it('finds certificates that have expired, and warns before', async () => {
    expect(verdict(await examine(0, FAR))).toMatch(/^1 WRONG node: certificate chain: .*expired/)
    const soon = await examine(0, SOON)
    expect(verdict(soon)).toMatch(/^0 WARNING node: validity: .*expires on/)
  })

  it('finds a clock that is behind the chain', async () => {
    const early: typeof systemClock = { nowMs: () => systemClock.nowMs() - DAY_MS / 24 }
    expect(verdict(await examine(0, early))).toMatch(/not-yet-valid|in the future of this host/)
  })

  it('finds a peer on its own deny list, and one outside its allow list', async () => {
    const denied = readFileSync(file(1, 'conf/node.nodeid'), 'utf8').trim()
    change(file(0, 'config.ini'), (text) => text.replace(';crl.0=', `crl.0=${denied}`))
    expect(verdict(await examine(0))).toMatch(/^1 WRONG peer 127.0.0.2.* deny list of this node/)
    restore()
    const own = readFileSync(file(0, 'conf/node.nodeid'), 'utf8').trim()
    change(file(0, 'config.ini'), (text) => text.replace(';cal.0=', `cal.0=${own}`))
    expect(verdict(await examine(0))).toMatch(/^1 WRONG peer 127.0.0.2.* allow list of this node/)
    restore()
  })

  it('finds a peer that refuses it', async () => {
    const denied = readFileSync(file(2, 'conf/node.nodeid'), 'utf8').trim()
    change(file(1, 'config.ini'), (text) => text.replace(';crl.0=', `crl.0=${denied}`))
    await signal(1, 'reset_certificate_whitelist')
    await until('it is out', 10_000, async () => (await nodes[2]!.peerCount()) === 1)
    const { out } = await examine(2)
    expect(out).toMatch(/WRONG peer 127.0.0.2.*it closes the connection after TLS/)
    restore()
    await signal(1, 'reset_certificate_whitelist')
    await connected()
  })

  it('finds that it is not in a group that it runs', async () => {
    expect(verdict(await examine(2))).toMatch(/^1 WRONG group 1: role: this node is neither/)
  })

  it('finds nothing wrong with an observer of a group that rests', async () => {
    const account = generateAccount(standardSuite)
    const consensus = new Consensus({ client: nodes[0]!.client, account })
    const observer = readFileSync(file(2, 'conf/node.nodeid'), 'utf8').trim()
    expect((await consensus.addObserver(observer)).code).toBe(1)
    await until('it has caught up', 30_000, async () => (await nodes[2]!.height()) === 1)
    const { exitCode, out } = await examine(2)
    expect(out).toMatch(/group 1: role .*observer of 2 sealers/)
    expect(out.split('\n')[0]).toContain('Nothing is wrong; not looked at: group 1: progress')
    expect(exitCode).toBe(0)
    expect((await consensus.removeNode(observer)).code).toBe(1)
  }, 60_000)

  it('finds another node behind its port', async () => {
    change(file(0, 'config.ini'), (text) =>
      text.replace(`jsonrpc_listen_port=${ports.rpc}`, `jsonrpc_listen_port=${ports.rpc + 1}`),
    )
    expect(verdict(await examine(0))).toMatch(/^1 WRONG process: another node/)
    restore()
  })
})

describe('bcos-ts doctor --sdk, with one thing broken at a time', () => {
  it('finds nothing wrong with an SDK of the agency of the node', async () => {
    const outcome = await examineSdk(sdk(0), ports.channel)
    expect(verdict(outcome)).toBe('0 Nothing is wrong.')
    expect(outcome.out).toMatch(/TLSv1.2, .*secp256k1/)
    expect(outcome.out).toContain('channel version 3')
  })

  it('finds an SDK of another agency', async () => {
    expect(verdict(await examineSdk(sdk(1), ports.channel))).toMatch(/^1 WRONG agency: .*agencyB/)
  })

  it('finds a closed port, and one of another service', async () => {
    expect(verdict(await examineSdk(sdk(0), 1))).toMatch(/^1 WRONG TCP: nothing listens there/)
    expect(verdict(await examineSdk(sdk(0), ports.rpc))).toMatch(/^1 WRONG TLS: /)
  })

  it('finds files of another chain, and files that are not there', async () => {
    const other = await planChain({ isRsaChannel: false })
    await writeChain(other, join(parent, 'other'))
    const folder = join(parent, 'other', '127.0.0.1', 'sdk')
    expect(verdict(await examineSdk(folder, ports.channel))).toMatch(
      /^1 WRONG certificate of the node: .* does not lead to ca.crt/,
    )
    expect(verdict(await examineSdk(parent, ports.channel))).toMatch(/^1 WRONG sdk: files/)
    change(join(sdk(0), 'sdk.key'), () => readFileSync(join(folder, 'sdk.key'), 'utf8'))
    expect(verdict(await examineSdk(sdk(0), ports.channel))).toMatch(/^1 WRONG sdk: key/)
    restore()
    expect(verdict(await examineSdk(sdk(0), ports.channel, FAR))).toMatch(/expired/)
  })

  it('finds that its key is not on the list of the group', async () => {
    const other = readFileSync(file(0, 'conf/node.nodeid'), 'utf8').trim()
    change(file(0, 'conf/group.1.ini'), (text) =>
      text.replace(';public_key.0=', `public_key.0=${other}`),
    )
    await signal(0, 'reset_allowlist')
    await until('it is refused', 10_000, async () =>
      verdict(await examineSdk(sdk(0), ports.channel)).startsWith('1 WRONG group 1: the key'),
    )
    restore()
    await signal(0, 'reset_allowlist')
  })

  it('wants both of its options', async () => {
    expect((await bcosTs(['doctor', '--sdk', sdk(0)])).exitCode).toBe(2)
    const { exitCode } = await bcosTs(['doctor', '--sdk', sdk(0), '--connect', 'nowhere'])
    expect(exitCode).toBe(2)
  })
})

describe('bcos-ts doctor, when nodes have stopped', () => {
  it('finds the sealer that is missing, and that the group stands still', async () => {
    await nodes[1]!.stop()
    const outcome = await examine(0)
    expect(verdict(outcome)).toMatch(/^1 WRONG peer 127.0.0.2:\d+: TCP: nothing listens there/)
    expect(outcome.out).toMatch(/WRONG .*group 1: sealers.*1 of 2 connected, 2 needed/)
    expect(outcome.out).toMatch(/WRONG .*group 1: progress.*stands still/)
  })

  it('finds data of another genesis, and a port that something else has taken', async () => {
    change(file(1, 'conf/group.1.genesis'), (text) => text.replace(/timestamp=\d+/, 'timestamp=7'))
    const data = await examine(1)
    expect(verdict(data)).toMatch(/^1 WRONG group 1: data: .*LEDGER_OTHER_GENESIS/)
    expect(data.out).toContain('free; the node does not run')
    restore()
    expect(verdict(await examine(1))).toBe(
      '0 Nothing is wrong; not looked at: groups, the node does not run.',
    )
    const server = createServer()
    server.listen(ports.p2p + 1, '0.0.0.0')
    await once(server, 'listening')
    expect(verdict(await examine(1))).toMatch(/^1 WRONG port \d+ \(P2P\): .*cannot be opened/)
    server.close()
  })
})

import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bcosTs } from './support.ts'

const NODE_ID = 'c1f0'.repeat(32)

/** A node that allows its groups to be managed, and answers as the reference does (spec 02 §14.2, §14.10). */
class ManagedNode {
  readonly asked: unknown[] = []
  readonly #server: Server
  #status = 'INEXISTENT'

  constructor() {
    this.#server = createServer((request, response) => {
      void json(request).then((body) => response.end(JSON.stringify(this.#answer(body))))
    })
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  stop(): void {
    this.#server.close()
  }

  get endpoint(): string {
    const address = this.#server.address()
    return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  }

  #answer(body: unknown) {
    const { id, method, params } = body as { id: number; method: string; params: unknown[] }
    this.asked.push([method, ...params])
    return { jsonrpc: '2.0', id, result: this.#result(method, params) }
  }

  #result(method: string, [group]: readonly unknown[]): unknown {
    const done = (status: string, word: string) => {
      this.#status = status
      return { code: '0x0', message: `Group ${String(group)} ${word} successfully` }
    }
    switch (method) {
      case 'generateGroup':
        if (this.#status !== 'INEXISTENT') {
          return { code: '0x2', message: `Group ${String(group)} already exists` }
        }
        return done('STOPPED', 'generated')
      case 'startGroup':
        if (this.#status === 'RUNNING') {
          return { code: '0x3', message: `Group ${String(group)} is already running` }
        }
        return done('RUNNING', 'started')
      case 'stopGroup':
        return done('STOPPED', 'stopped')
      case 'removeGroup':
        return done('DELETED', 'deleted')
      case 'recoverGroup':
        return done('STOPPED', 'recovered')
      case 'queryGroupStatus':
        return { code: '0x0', message: '', status: this.#status }
      case 'getGroupList':
        return this.#status === 'RUNNING' ? [1, 2] : [1]
      default:
        return { code: '0x0', message: 'add peers :update config file successfully' }
    }
  }
}

let near: ManagedNode
let far: ManagedNode
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-groups-'))
})

beforeEach(async () => {
  near = new ManagedNode()
  far = new ManagedNode()
  await near.start()
  await far.start()
  return () => {
    near.stop()
    far.stop()
  }
})

afterAll(() => rmSync(folder, { recursive: true }))

async function run(...commands: readonly string[]) {
  const given = commands.flatMap((command) => ['-c', command])
  const { exitCode, out, err } = await bcosTs([
    'console',
    '--url',
    `http://${near.endpoint}`,
    '--json',
    ...given,
  ])
  const lines = out.trimEnd().split('\n')
  return { exitCode, err, results: lines.map((line) => JSON.parse(line)) }
}

describe('groups of a node', () => {
  it('are made, started, stopped, removed and brought back', async () => {
    const { exitCode, results } = await run(
      `generateGroup 2 1590586645000 ${NODE_ID} ${NODE_ID.toUpperCase()}`,
      'startGroup 2; getGroupList; switch 2; queryGroupStatus 2',
      'stopGroup 2; removeGroup 2; recoverGroup 2',
    )
    expect(exitCode).toBe(0)
    expect(results.map(({ result }) => result)).toEqual([
      { code: 0, message: 'Group 2 generated successfully' },
      { code: 0, message: 'Group 2 started successfully' },
      [1, 2],
      { groupId: 2 },
      { code: 0, message: '', status: 'RUNNING' },
      { code: 0, message: 'Group 2 stopped successfully' },
      { code: 0, message: 'Group 2 deleted successfully' },
      { code: 0, message: 'Group 2 recovered successfully' },
    ])
    expect(near.asked[0]).toEqual([
      'generateGroup',
      2,
      { timestamp: '1590586645000', sealers: [NODE_ID, NODE_ID], enable_free_storage: false },
    ])
  })

  it('are managed on the node that is named, and on that alone', async () => {
    const { exitCode } = await run(
      `startGroup ${far.endpoint} 2; queryGroupStatus ${far.endpoint} 2`,
    )
    expect(exitCode).toBe(0)
    expect([near.asked, far.asked]).toEqual([
      [],
      [
        ['startGroup', 2],
        ['queryGroupStatus', 2],
      ],
    ])
  })

  it('are made from a file of 2.x on all nodes that it names', async () => {
    const file = join(folder, 'group.toml')
    const peers = [near, far].map(({ endpoint }) => `"${endpoint}"`).join(', ')
    writeFileSync(
      file,
      `[groupPeers]\npeers=[${peers}]\n[consensus]\nsealerList=["${NODE_ID}"]\n[genesis]\ntimestamp = "1590586645000"\n`,
    )
    const { exitCode, results } = await run(`generateGroupFromFile ${file} 3`)
    expect(exitCode).toBe(0)
    const done = { code: 0, message: 'Group 3 generated successfully' }
    expect(results[0].result).toEqual({ [near.endpoint]: done, [far.endpoint]: done })
    const again = await run(`generateGroupFromFile ${file} 3`)
    expect([again.exitCode, again.results[0].error]).toMatchObject([
      1,
      {
        code: 'CONSOLE_NODE_REFUSED',
        message: `generateGroup on ${near.endpoint}: Group 3 already exists (0x2)`,
      },
    ])
  })

  it('have a refusal for what does not fit their state', async () => {
    const { exitCode, results } = await run('startGroup 2; startGroup 2')
    expect([exitCode, results[1].error]).toMatchObject([
      1,
      { code: 'CONSOLE_NODE_REFUSED', message: 'startGroup: Group 2 is already running (0x3)' },
    ])
  })
})

it('peers are added and erased by their addresses', async () => {
  const { exitCode } = await run('addPeers 127.0.0.1:30304 [::1]:30305; erasePeers 127.0.0.1:30304')
  expect(exitCode).toBe(0)
  expect(near.asked).toEqual([
    ['addPeers', ['127.0.0.1:30304', '[::1]:30305']],
    ['erasePeers', ['127.0.0.1:30304']],
  ])
})

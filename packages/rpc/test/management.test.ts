import type { GroupManagement, ManagementResult, NodeManagement } from '@bcos-ts/protocol/ports'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../src/json.ts'
import { compactJson } from '../src/json.ts'
import { ask, type Exchange, HTTP_CALLER, rpcOf } from './rpc.ts'
import { TestService } from './service.ts'
import { readVectors } from './vectors.ts'

/** Answers with what the reference answered; what is asked of it is kept. */
class ScriptedManagement implements NodeManagement, GroupManagement {
  readonly groups = this
  answer: ManagementResult = { code: 0, message: '' }
  problem: string | undefined
  readonly asked: unknown[] = []
  readonly saved: (readonly string[])[] = []

  #note(...asked: readonly unknown[]): Promise<ManagementResult> {
    this.asked.push(asked)
    return Promise.resolve(this.answer)
  }

  generateGroup = (group: unknown) => this.#note('generate', group)
  startGroup = (id: number) => this.#note('start', id)
  stopGroup = (id: number) => this.#note('stop', id)
  removeGroup = (id: number) => this.#note('remove', id)
  recoverGroup = (id: number) => this.#note('recover', id)
  queryGroupStatus = (id: number) => this.#note('query', id)

  savePeers(endpoints: readonly string[]): Promise<string | undefined> {
    this.saved.push(endpoints)
    return Promise.resolve(this.problem)
  }
}

interface ManagementExchange extends Exchange {
  readonly response: Exchange['response'] & {
    readonly result: { readonly code: string; readonly message: string; readonly status?: string }
  }
}

const isAboutPeers = ({ request }: Exchange): boolean => request.method.endsWith('Peers')
const aboutPeers = readVectors<Exchange>('management.json').filter(isAboutPeers)
const aboutGroups = readVectors<ManagementExchange>('management.json').filter(
  (one) => !isAboutPeers(one),
)

describe('groups at run time', () => {
  it.each(aboutGroups)('$label', async (exchange) => {
    const management = new ScriptedManagement()
    const { code, message, status } = exchange.response.result
    management.answer = { code: Number(code), message }
    if (status !== undefined) management.answer = { ...management.answer, status }
    const rpc = rpcOf(new TestService(), { management })
    const text = await rpc.handle(JSON.stringify(exchange.request), HTTP_CALLER)
    expect(text).toBe(compactJson(exchange.response))
    // What the form alone refuses never reaches the node.
    expect(management.asked).toHaveLength(code === '0x7' ? 0 : 1)
  })

  it('are made of what was asked for', async () => {
    const management = new ScriptedManagement()
    const rpc = rpcOf(new TestService(), { management })
    const sealers = ['AB'.repeat(64)]
    const params = { timestamp: '1585214879000', sealers, enable_free_storage: true }
    await ask(rpc, 'generateGroup', [2, params])
    expect(management.asked).toEqual([
      [
        'generate',
        {
          groupId: 2,
          timestamp: 1_585_214_879_000n,
          sealers: ['ab'.repeat(64)],
          isFreeStorage: true,
        },
      ],
    ])
  })

  it.each<[JsonObject, string]>([
    [{ timestamp: 5 }, 'invalid `timestamp` field'],
    [{ timestamp: '05' }, 'invalid timestamp: 05'],
    [{ timestamp: '9223372036854775808' }, 'invalid timestamp: 9223372036854775808'],
    [{ timestamp: '0', sealers: 'x' }, 'invalid `sealers` field'],
    [
      { timestamp: '0', sealers: [] },
      'GenerateGroup failed for empty sealer list, expect at least one sealer',
    ],
    [{ timestamp: '0', sealers: ['ab'.repeat(64), 7] }, 'invalid sealer ID at position 2'],
    [
      { timestamp: '0', sealers: ['ab'.repeat(64)], enable_free_storage: 1 },
      'invalid `enable_free_storage` field',
    ],
  ])('cannot be made of %j', async (params, message) => {
    const rpc = rpcOf(new TestService(), { management: new ScriptedManagement() })
    const { result } = await ask(rpc, 'generateGroup', [2, params])
    expect(result).toEqual({ code: '0x7', message })
  })

  it('show what they are where management is switched off', async () => {
    const management = new ScriptedManagement()
    management.answer = { code: 0, message: '', status: 'DELETED' }
    const rpc = rpcOf(new TestService(), { management, isManagementOff: true })
    expect((await ask(rpc, 'queryGroupStatus', [5])).result).toEqual({
      code: '0x0',
      message: '',
      status: 'DELETED',
    })
    expect((await ask(rpc, 'startGroup', [5])).error?.code).toBe(-100_001)
    expect(management.asked).toEqual([['query', 5]])
  })

  it('stay as they are where the node cannot change them, but show their status', async () => {
    const rpc = rpcOf(new TestService())
    const refused = {
      error: {
        code: -100_001,
        data: null,
        message: 'Dynamic group related interfaces are forbidden to access',
      },
    }
    for (const method of ['startGroup', 'stopGroup', 'removeGroup', 'recoverGroup']) {
      expect(await ask(rpc, method, [1])).toMatchObject(refused)
    }
    expect(await ask(rpc, 'generateGroup', [2, {}])).toMatchObject(refused)
    for (const method of ['addPeers', 'erasePeers']) {
      expect(await ask(rpc, method, [['a:1']])).toMatchObject(refused)
    }
    const status = async (id: number) => (await ask(rpc, 'queryGroupStatus', [id])).result
    expect(await status(1)).toEqual({ code: '0x0', message: '', status: 'RUNNING' })
    expect(await status(2)).toEqual({ code: '0x0', message: '', status: 'INEXISTENT' })
    expect(await status(0)).toEqual({
      code: '0x7',
      message: 'GroupID should be between 1 and 32767',
      status: '',
    })
  })
})

describe('peers at run time', () => {
  function node() {
    const service = new TestService()
    const management = new ScriptedManagement()
    const rpc = rpcOf(service, { management })
    service.network.configured = [0, 1, 2, 3].map((i) => `127.0.0.1:3330${i}`)
    const change = async (method: string, list: JsonValue) =>
      (await ask(rpc, method, [list])).result
    return { service, management, rpc, change }
  }

  it('change as recorded', async () => {
    const { rpc, management } = node()
    for (const { request, response } of aboutPeers) {
      const text = await rpc.handle(JSON.stringify(request), HTTP_CALLER)
      expect(text).toBe(compactJson(response))
    }
    expect(management.saved.map((list) => list.length)).toEqual([5, 4])
  })

  it.each<[JsonValue, string, string]>([
    ['a:1', '0x7', 'invalid params field, not array format json'],
    [[], '0x7', 'failed for empty host list, expect at least one peer'],
    [['a:1', 7], '0x7', 'invalid peer at position 2'],
    [['x'], '0x7', 'invalid peer at position 1'],
    [['[::1]]:1'], '0x7', 'invalid peer at position 1'],
    [
      Array.from({ length: 11 }, (_, i) => `a:${i}`),
      '0x1',
      'refused for too many param peers. peers_param_limit: 10',
    ],
    [['127.0.0.1:33300'], '0x0', 'add peers :all the inserted peers already exist'],
  ])('cannot be %j', async (list, code, message) => {
    expect(await node().change('addPeers', list)).toEqual({ code, message })
  })

  it('are not erased when they are not there, and not added beyond a hundred', async () => {
    const { change, service } = node()
    expect(await change('erasePeers', ['a:1'])).toEqual({
      code: '0x0',
      message: 'erase peers :none of the erased peers exist',
    })
    service.network.configured = Array.from({ length: 95 }, (_, i) => `b:${i}`)
    const ten = Array.from({ length: 10 }, (_, i) => `a:${i}`)
    expect(await change('addPeers', ten)).toEqual({
      code: '0x1',
      message: 'refused for too many peers. max_nodes_limit: 100',
    })
  })

  it('have the limits of the configuration', async () => {
    const service = new TestService()
    service.network.configured = ['a:1', 'a:2', 'a:3', 'a:4']
    const management = new ScriptedManagement()
    const rpc = rpcOf(service, { management, peerLimits: { perCall: 2, inAll: 5 } })
    const add = async (...list: readonly string[]) => (await ask(rpc, 'addPeers', [list])).result
    expect(await add('b:1', 'b:2', 'b:3')).toMatchObject({
      message: 'refused for too many param peers. peers_param_limit: 2',
    })
    expect(await add('b:1', 'b:2')).toMatchObject({
      message: 'refused for too many peers. max_nodes_limit: 5',
    })
    expect(await add('b:1')).toMatchObject({ code: '0x0' })
  })

  it('say when they could not be kept for the next start', async () => {
    const { change, management } = node()
    management.problem = 'config.ini cannot be written'
    expect(await change('addPeers', ['a:1'])).toEqual({
      code: '0x1',
      message: 'add peers :config.ini cannot be written',
    })
  })
})

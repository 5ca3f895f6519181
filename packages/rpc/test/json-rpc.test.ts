import { BcosError, InvariantViolation } from '@bcos-ts/common'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RpcError } from '../src/errors.ts'
import { isJsonObject } from '../src/json.ts'
import type { RpcCaller } from '../src/method.ts'
import { ask, type Exchange, HTTP_CALLER, rpcOf } from './rpc.ts'
import { SEALERS, TestService } from './service.ts'
import { readVectors } from './vectors.ts'

interface HttpExchange {
  readonly label: string
  readonly requestBody?: string
  readonly responseBody: string
}

describe('requests as texts', () => {
  const posted = readVectors<HttpExchange>('http.json').filter((one) => 'requestBody' in one)

  it.each(posted)('$label', async ({ requestBody = '', responseBody }) => {
    const service = new TestService()
    service.chain.state.height = 418
    expect(await rpcOf(service).handle(requestBody, HTTP_CALLER)).toBe(responseBody)
  })

  it.each([
    ['null', -32_600],
    ['"x"', -32_600],
    ['{"jsonrpc":"2.0","method":"nope"}', -32_601],
    ['{"jsonrpc":"2.0","method":"getBlockNumber","params":[1.5],"id":1}', -32_602],
    ['{"jsonrpc":"2.0","method":"getBlockNumber","params":[4294967296],"id":1}', -32_602],
    ['{"jsonrpc":"2.0","method":"getBlockNumber","params":null,"id":1}', -32_602],
    ['{"jsonrpc":"2.0","method":"getBlockNumber","id":1}', -32_602],
    ['{"jsonrpc":"2.0","method":"getBlockNumber","params":[65537],"id":1}', -40_001],
    ['{"jsonrpc":"2.0","method":"__proto__","params":[],"id":1}', -32_601],
    ['{"__proto__":{"jsonrpc":"2.0","method":"getGroupList","id":1}}', -32_600],
  ])('%s is refused with %i', async (text, code) => {
    const answer: unknown = JSON.parse(await rpcOf(new TestService()).handle(text, HTTP_CALLER))
    expect(answer).toMatchObject({ error: { code } })
  })

  it('a batch that is too long is refused as a whole', async () => {
    const one = '{"jsonrpc":"2.0","method":"getGroupList","id":1}'
    const batch = (length: number) => `[${Array.from({ length }, () => one).join(',')}]`
    const rpc = rpcOf(new TestService())
    const good: unknown = JSON.parse(await rpc.handle(batch(1000), HTTP_CALLER))
    expect(good).toHaveLength(1000)
    const long: unknown = JSON.parse(await rpc.handle(batch(1001), HTTP_CALLER))
    expect(long).toMatchObject({ error: { code: -32_600 }, id: null })
  })

  it('any text is answered with JSON-RPC', async () => {
    const rpc = rpcOf(new TestService())
    const names = fc.constantFrom('getBlockByNumber', 'call', 'getCode', 'sendRawTransaction', 'x')
    const request = fc.record(
      {
        jsonrpc: fc.constantFrom('2.0', '1.0', 2),
        method: fc.oneof(names, fc.jsonValue()),
        params: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
        id: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    const text = fc.oneof(
      request.map((one) => JSON.stringify(one)),
      fc.json(),
      fc.string(),
      fc.tuple(fc.json(), fc.nat(30)).map(([json, cut]) => json.slice(0, -cut)),
    )
    const isAnswered = async (one: string): Promise<boolean> => {
      const answer: unknown = JSON.parse(await rpc.handle(one, HTTP_CALLER))
      const answers: unknown[] = Array.isArray(answer) ? answer : [answer]
      return answers.every(
        (each) => typeof each === 'object' && each !== null && 'jsonrpc' in each && 'id' in each,
      )
    }
    await fc.assert(fc.asyncProperty(text, isAnswered), { numRuns: 10_000 })
  })
})

describe('who may ask', () => {
  it('a node outside the group answers for its pool and its status, and nothing else', async () => {
    const service = new TestService()
    service.role = 'free'
    const rpc = rpcOf(service)
    const number = async (method: string, ...params: readonly unknown[]) => {
      const answer: Exchange['response'] = JSON.parse(
        await rpc.handle(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }), HTTP_CALLER),
      )
      return answer.error?.code
    }
    for (const method of ['getBlockNumber', 'getPbftView', 'getSyncStatus', 'getSealerList']) {
      expect(await number(method, 1)).toBe(-40_009)
    }
    expect(await number('sendRawTransaction', 1, '0x00')).toBe(-40_009)
    for (const method of ['getPendingTxSize', 'getPendingTransactions', 'queryGroupStatus']) {
      expect(await number(method, 1)).toBeUndefined()
    }
    expect(await ask(rpc, 'getGroupList', [])).toMatchObject({ result: [] })
  })

  it('limits see every request, also those of a batch, with its group where it has one', async () => {
    const seen: unknown[] = []
    const caller: RpcCaller = {
      refusals: 'now',
      admit: (method, groupId) => {
        seen.push([method, groupId])
        if (method === 'getBlockNumber') {
          throw new RpcError('RPC_OVER_LIMIT', `${method} Over QPS limit`)
        }
      },
    }
    const batch = JSON.stringify([
      { jsonrpc: '2.0', method: 'getBlockNumber', params: [7], id: 'a' },
      { jsonrpc: '2.0', method: 'getPeers', params: [7], id: 2 },
      { jsonrpc: '2.0', method: 'getCode', params: ['x'], id: 3 },
    ])
    const [first]: unknown[] = JSON.parse(await rpcOf(new TestService()).handle(batch, caller))
    expect(first).toEqual({
      error: { code: -40_011, message: 'getBlockNumber Over QPS limit' },
      id: 'a',
      jsonrpc: '2.0',
    })
    expect(seen).toEqual([
      ['getBlockNumber', 7],
      ['getPeers', undefined],
      ['getCode', undefined],
    ])
  })
})

describe('what a chain is asked', () => {
  it('tells what the next block lacks, where the engine can tell', async () => {
    const service = new TestService()
    const rpc = rpcOf(service)
    expect(await ask(rpc, 'getConsensusProgress', [1])).toMatchObject({ result: null })
    service.consensusProgress = {
      height: 420,
      view: 2,
      toView: 3,
      leader: undefined,
      quorum: 3,
      stage: 'changing the view',
      missing: '1 of 3 requests',
      lock: { view: 1, hash: 'ab'.repeat(32) },
      proposal: undefined,
      patienceMs: 12,
      sealers: [
        {
          nodeId: SEALERS[0] ?? '',
          isSelf: true,
          isConnected: true,
          linkForMs: undefined,
          heardAgoMs: undefined,
          hasSigned: false,
          hasCommitted: false,
          view: 2,
          asksForView: 3,
        },
      ],
    }
    expect(await ask(rpcOf(service), 'getConsensusProgress', [1])).toMatchObject({
      result: {
        groupId: 1,
        height: 420,
        leader: null,
        missing: '1 of 3 requests',
        lock: { view: 1, hash: 'ab'.repeat(32) },
        proposal: null,
        pendingTransactions: service.pool.size(),
        sealers: [{ isSelf: true, linkForMs: null, asksForView: 3 }],
      },
    })
  })

  it('follows the kind of consensus', async () => {
    const service = new TestService()
    const rpc = rpcOf(service)
    expect(await ask(rpc, 'getEpochSealersList', [1])).toMatchObject({
      error: {
        code: -40_009,
        message:
          'method getEpochSealersList only supported when rpbft is used, current consensus type is pbft',
      },
    })
    service.consensusType = 'rpbft'
    expect(await ask(rpc, 'getEpochSealersList', [1])).toMatchObject({ result: SEALERS })
    service.consensusType = 'raft'
    expect(await ask(rpc, 'getPbftView', [1])).toMatchObject({ error: { code: -40_007 } })
    service.consensusStatus = { ...service.consensusStatus, isSealer: false, index: 65_535 }
    expect(await ask(rpc, 'getConsensusStatus', [1])).toMatchObject({
      result: [
        {
          accountType: 0,
          cfgErr: true,
          leaderId: 'get leader ID failed',
          leaderIdx: 'NULL',
          node_index: 65_535,
          protocolId: 65_547,
        },
      ],
    })
    const leader = SEALERS[2]
    service.consensusStatus = { ...service.consensusStatus, leader }
    expect(await ask(rpc, 'getConsensusStatus', [1])).toMatchObject({
      result: [{ leaderId: leader, leaderIdx: 2 }],
    })
  })

  it('reads batches of receipts by place and number', async () => {
    const rpc = rpcOf(new TestService())
    const batch = async (from: string, count: string) => {
      const params = [1, '407', from, count, false]
      const { result, error } = await ask(rpc, 'getBatchReceiptsByBlockNumberAndRange', params)
      if (error !== undefined) return [error.code, error.message]
      const receipts = isJsonObject(result) ? result['transactionReceipts'] : null
      return Array.isArray(receipts)
        ? receipts.map((one: { transactionIndex: string }) => one.transactionIndex)
        : receipts
    }
    expect(await batch('0', '-1')).toHaveLength(20)
    expect(await batch('18', '5')).toEqual(['0x12', '0x13'])
    expect(await batch('0x3', '0x1')).toEqual(['0x3'])
    expect(await batch('3', '0')).toBeUndefined()
    expect(await batch('20', '1')).toEqual([
      -40_099,
      'start index out of range, the number of receipt is 20',
    ])
    const unknown = [1, `0x${'12'.repeat(32)}`, '0', '-1', false]
    expect(await ask(rpc, 'getBatchReceiptsByBlockHashAndRange', unknown)).toMatchObject({
      error: { code: -40_004 },
    })
  })

  it.each([
    ['0x1', 1],
    ['0X1', undefined],
    ['', 0],
    ['0x', 0],
    ['0x01', 1],
    ['001', 1],
    [' 1', undefined],
    ['+1', undefined],
    [`0x${'0'.repeat(78)}1`, undefined],
  ])('takes "%s" for block %s', async (text, number) => {
    const { result } = await ask(rpcOf(new TestService()), 'getBlockHeaderByNumber', [
      1,
      text,
      false,
    ])
    expect(isJsonObject(result) ? result['number'] : undefined).toBe(number)
  })

  it('finds nothing under what is no hash', async () => {
    const rpc = rpcOf(new TestService())
    for (const text of ['', 'x', '0x12', '12', 'latest', '9'.repeat(70)]) {
      expect(await ask(rpc, 'getTransactionByHash', [1, text])).toMatchObject({ result: null })
    }
    expect(await ask(rpc, 'getTransactionByHash', [1, `0x${'zz'.repeat(32)}`])).toMatchObject({
      error: { code: -32_603 },
    })
  })
})

describe('calls', () => {
  const from = `0x${'aB'.repeat(20)}`

  it('hand the request on, and show status and output whatever they are', async () => {
    const service = new TestService()
    service.callResult = { status: 22, output: Uint8Array.of(1, 2) }
    const rpc = rpcOf(service)
    const request = { from, to: `0x${'12'.repeat(20)}`, data: '0x3', value: '0x5', gas: '1' }
    expect(await ask(rpc, 'call', [1, request])).toMatchObject({
      result: { currentBlockNumber: '0x1a3', output: '0x0102', status: '0x16' },
    })
    const code = { from, code: 'ff', data: '00', value: 7 }
    for (const to of [undefined, '', '0x']) {
      await ask(rpc, 'call', [1, to === undefined ? code : { ...code, to }])
    }
    const toNobody = { from: 'ab'.repeat(20), to: undefined, value: 7n, data: Uint8Array.of(255) }
    expect(service.calls).toEqual([
      { from: 'ab'.repeat(20), to: '12'.repeat(20), value: 5n, data: Uint8Array.of(3) },
      toNobody,
      toNobody,
      toNobody,
    ])
  })

  it.each([
    [{}, -40_006],
    [{ from: '' }, -40_006],
    [{ from: '0x12' }, -32_603],
    [{ from: [] }, -32_603],
    [{ from, to: '0x1' }, -32_603],
    [{ from, data: 'zz' }, -32_603],
    [{ from, value: 'many' }, -32_603],
  ])('%j is refused with %i', async (request, code) => {
    const answer = await ask(rpcOf(new TestService()), 'call', [1, request])
    expect(answer).toMatchObject({ error: { code } })
  })

  it('show what goes wrong inside as an error, but let a broken invariant of ours through', async () => {
    const service = new TestService()
    const rpc = rpcOf(service)
    const failWith = (error: Error) => {
      service.group = () => {
        throw error
      }
    }
    failWith(new BcosError('STORAGE_NOT_OPEN', 'the storage is not started', { details: {} }))
    expect(await ask(rpc, 'getBlockNumber', [1])).toMatchObject({
      error: {
        code: -32_603,
        message: 'INTERNAL_ERROR: : INTERNAL_ERROR: : the storage is not started',
      },
    })
    failWith(new TypeError('x is not a function'))
    expect(await ask(rpc, 'getBlockNumber', [1])).toMatchObject({ error: { code: -32_603 } })
    failWith(new InvariantViolation('two heads'))
    await expect(ask(rpc, 'getBlockNumber', [1])).rejects.toThrow('two heads')
  })
})

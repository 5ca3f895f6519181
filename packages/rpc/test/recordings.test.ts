import { inflateSync } from 'node:zlib'
import { guomiSuite } from '@bcos-ts/crypto'
import { describe, expect, it } from 'vitest'
import { compactJson, type JsonObject } from '../src/json.ts'
import { recordedBlocks } from './recorded-chain.ts'
import { ask, type Exchange, HTTP_CALLER, rpcOf } from './rpc.ts'
import { SEALERS, TestService } from './service.ts'
import { readVectors } from './vectors.ts'

const chains = [
  { name: 'standard', file: 'blocks-standard.json', service: new TestService() },
  {
    name: 'guomi',
    file: 'blocks-guomi.json',
    service: new TestService('blocks-guomi.json', guomiSuite),
    suite: guomiSuite,
  },
]

describe.each(chains)('a recorded chain, $name', ({ file, service, ...options }) => {
  const rpc = rpcOf(service, options)
  const text = async (method: string, params: readonly (string | number | boolean)[]) => {
    const request = { jsonrpc: '2.0', method, params, id: 1 }
    return rpc.handle(JSON.stringify(request), HTTP_CALLER)
  }
  const answer = (result: unknown) => `${JSON.stringify({ id: 1, jsonrpc: '2.0', result })}\n`

  describe.each(recordedBlocks(file))('block $number', ({ number, block, header, ...recorded }) => {
    const hash = block.hash
    const place = `0x${number.toString(16)}`

    it('is shown as the reference shows it, to the letter', async () => {
      expect(await text('getBlockByNumber', [1, place, true])).toBe(answer(block))
      expect(await text('getBlockByHash', [1, hash, true])).toBe(answer(block))
      const { signatureList: _, transactions, ...short } = block
      const hashes = Array.isArray(transactions)
        ? transactions.map((one: JsonObject) => one['hash'])
        : []
      const { result } = await ask(rpc, 'getBlockByNumber', [1, String(number), false])
      expect(result).toEqual({ ...short, transactions: hashes })
      expect(await text('getBlockHashByNumber', [1, place])).toBe(answer(hash))
    })

    it('has the header that the reference shows', async () => {
      expect(await text('getBlockHeaderByNumber', [1, place, true])).toBe(answer(header))
      const { signatureList: _, ...unsigned } = header
      expect(await text('getBlockHeaderByHash', [1, hash, false])).toBe(answer(unsigned))
    })

    it('has the transactions and receipts that the reference shows', async () => {
      const { transactions } = block
      for (const [index, one] of (Array.isArray(transactions) ? transactions : []).entries()) {
        const at = `0x${index.toString(16)}`
        const expected = answer(one)
        expect(await text('getTransactionByBlockNumberAndIndex', [1, place, at])).toBe(expected)
        expect(await text('getTransactionByBlockHashAndIndex', [1, hash, at])).toBe(expected)
        expect(await text('getTransactionByHash', [1, one.hash])).toBe(expected)
      }
      for (const receipt of recorded.receipts) {
        const params = [1, receipt.transactionHash]
        expect(await text('getTransactionReceipt', params)).toBe(answer(receipt))
      }
    })

    it('proves its transactions and receipts as the reference does', async () => {
      for (const proof of recorded.proofs) {
        const params = [1, proof.hash]
        expect(await text('getTransactionByHashWithProof', params)).toBe(answer(proof.transaction))
        expect(await text('getTransactionReceiptByHashWithProof', params)).toBe(
          answer(proof.receipt),
        )
      }
    })
  })
})

describe('recorded exchanges', () => {
  /** What a diagnostic of the reference says beyond source files and type names. */
  const words = [
    "can't convert xyz to int",
    "can't convert latest to int",
    "can't convert -1 to int",
    'InvalidAddress',
  ]

  function serviceFor({ atBlock, request, response }: Exchange): TestService {
    const service = new TestService()
    service.chain.state.height = atBlock
    service.network.configured = [3, 1, 0, 2].map((i) => `127.0.0.1:3130${i}`)
    // Node numbers and indices differ: indices follow the order of the node ids.
    const peer = (nodeName: string, port: number, index: number) => ({
      nodeId: SEALERS[index] ?? '',
      endpoint: `127.0.0.1:${port}`,
      agency: 'agency',
      nodeName,
      topics: [],
    })
    service.network.list = [
      peer('node3', 37_712, 2),
      peer('node2', 37_698, 3),
      peer('node1', 37_686, 1),
    ]
    if (request.method === 'getConsensusStatus' && Array.isArray(response.result)) {
      service.consensusStatus = { ...service.consensusStatus, views: response.result[1] }
    }
    return service
  }

  const unpack = (text: unknown): string => {
    const bytes = Uint8Array.from(atob(String(text)), (character) => character.charCodeAt(0))
    return inflateSync(bytes).toString('utf8')
  }

  it.each(readVectors<Exchange>('exchanges.json'))('$label', async (exchange) => {
    const { label, request, response } = exchange
    const rpc = rpcOf(serviceFor(exchange))
    const text = await rpc.handle(JSON.stringify(request), HTTP_CALLER)
    const answer: Exchange['response'] = JSON.parse(text)
    if (response.error?.code === -32_603) {
      expect(answer).toMatchObject({ id: 1, error: { code: -32_603, data: null } })
      expect(answer.error?.message).toMatch(/^INTERNAL_ERROR: : INTERNAL_ERROR: : ./)
      for (const word of words.filter((one) => response.error?.message.includes(one))) {
        expect(answer.error?.message).toContain(word)
      }
    } else if (label.endsWith('compressed')) {
      expect(unpack(answer.result)).toBe(unpack(response.result))
    } else {
      expect(text).toBe(compactJson(response))
    }
  })
})

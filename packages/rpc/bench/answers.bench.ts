import { silentLogger } from '@bcos-ts/common'
import { bench, describe } from 'vitest'
import { JsonRpc } from '../src/json-rpc.ts'
import { compactJson, styledJson } from '../src/json.ts'
import { receiptView } from '../src/views/receipt.ts'
import { recordedBlocks } from '../test/recorded-chain.ts'
import { suite, TestService } from '../test/service.ts'

const service = new TestService()
const rpc = new JsonRpc({ node: service, suite }, silentLogger)
const caller = { refusals: 'now' } as const
const [hash] = recordedBlocks('blocks-standard.json').flatMap((one) =>
  one.receipts.map(({ transactionHash }) => transactionHash.slice(2)),
)
const mined = service.chain.receipt(hash ?? '')
if (mined === undefined) throw new Error('not recorded')
const view = receiptView(mined)

// Once for each transaction that a client of this node submitted.
describe('a pushed receipt', () => {
  bench('view', () => void receiptView(mined))
  bench('styled text', () => void styledJson(view))
  bench('compact text', () => void compactJson(view))
  bench('JSON.stringify (yardstick)', () => void JSON.stringify(view))
})

describe('an answered request', () => {
  const request = (method: string, ...params: readonly unknown[]): string =>
    JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
  const height = request('getBlockNumber', 1)
  const block = request('getBlockByNumber', 1, '407', true)
  bench('getBlockNumber', async () => void (await rpc.handle(height, caller)))
  bench('getBlockByNumber, 20 transactions', async () => void (await rpc.handle(block, caller)))
})

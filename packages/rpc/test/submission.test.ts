import { to0x } from '@bcos-ts/common'
import { inlineSignatureBatches, type SignatureBatches } from '@bcos-ts/crypto'
import { signTransaction, type Transaction } from '@bcos-ts/protocol'
import { mirrored } from '@bcos-ts/testing/arbitraries'
import { describe, expect, it } from 'vitest'
import { RpcError } from '../src/errors.ts'
import type { JsonObject } from '../src/json.ts'
import type { RpcCaller } from '../src/method.ts'
import { recordedBlocks } from './recorded-chain.ts'
import { ask, rpcOf } from './rpc.ts'
import { suite, TestService } from './service.ts'
import { readVectors } from './vectors.ts'

interface Refusal {
  readonly label: string
  readonly raw: string
  readonly hash: string
  readonly message: string
}

const refusals = readVectors<Refusal>('refusals.json')
const atPool = refusals.filter(({ message }) => message.includes('txHash='))
const atDecoding = refusals.filter(({ message }) => !message.includes('txHash='))

function submitter(refusal: RpcCaller['refusals']) {
  const service = new TestService()
  const receipts: JsonObject[] = []
  const caller: RpcCaller = { refusals: refusal, onReceipt: (one) => void receipts.push(one) }
  return { service, receipts, rpc: rpcOf(service), caller }
}

describe('a transaction that is refused', () => {
  it.each(atPool)('$label: an error with the words of the reference', async (refusal) => {
    const { service, rpc, caller, receipts } = submitter('now')
    const [, words = ''] = /\] = (.*)\n$/.exec(refusal.message) ?? []
    service.pool.result = { status: 15, reason: /^\w+/.exec(words)?.[0] ?? '' }
    const answer = await ask(rpc, 'sendRawTransaction', [1, refusal.raw], caller)
    expect(answer.error).toEqual({
      code: -32_603,
      data: null,
      message: `INTERNAL_ERROR: : INTERNAL_ERROR: : ${words}`,
    })
    expect(receipts).toEqual([])
  })

  it.each(atPool)(
    '$label: its hash and an empty receipt, where refusals come later',
    async (one) => {
      const { service, rpc, caller, receipts } = submitter('later')
      service.pool.result = { status: 16, reason: 'BlockLimitCheckFailed' }
      const answer = await ask(rpc, 'sendRawTransaction', [1, one.raw], caller)
      expect(answer.result).toBe(one.hash)
      expect(receipts).toMatchObject([{ status: '0x10', statusMsg: 'BlockLimitCheckFail' }])
      expect(receipts[0]).toMatchObject({ transactionHash: `0x${'0'.repeat(64)}`, logs: [] })
    },
  )

  it('the other one of two good signatures: always an error', async () => {
    const mirroring = {
      ...suite,
      sign: (...args: Parameters<typeof suite.sign>) => mirrored(suite.sign(...args)),
    }
    const one = signed(7, mirroring)
    expect(one.sender(suite)).toBeDefined()
    for (const kind of ['now', 'later'] as const) {
      const { rpc, caller, service } = submitter(kind)
      const answer = await ask(rpc, 'sendRawTransaction', [1, to0x(one.raw)], caller)
      expect(answer).toMatchObject({ error: { code: -32_603 } })
      expect(service.pool.submitted).toEqual([])
    }
  })

  it.each(atDecoding)('$label: always an error', async ({ raw }) => {
    for (const kind of ['now', 'later'] as const) {
      const { rpc, caller, service } = submitter(kind)
      const answer = await ask(rpc, 'sendRawTransaction', [1, raw], caller)
      expect(answer).toMatchObject({ error: { code: -32_603 } })
      expect(service.pool.submitted).toEqual([])
    }
  })

  it('because the node lags or is no member says so, now or later', async () => {
    const raw = refusals[0]?.raw ?? ''
    const now = submitter('now')
    now.service.isFarBehind = true
    expect(await ask(now.rpc, 'sendRawTransaction', [1, raw], now.caller)).toMatchObject({
      error: { message: 'INTERNAL_ERROR: : INTERNAL_ERROR: : ImportResult::NodeIsSyncing' },
    })
    const later = submitter('later')
    later.service.isFarBehind = true
    await ask(later.rpc, 'sendRawTransaction', [1, raw], later.caller)
    later.service.role = 'free'
    await ask(later.rpc, 'sendRawTransaction', [1, raw], later.caller)
    expect(later.receipts.map((one) => one['status'])).toEqual(['0x1d', '0x2714'])
    expect(later.service.pool.submitted).toEqual([])
  })
})

describe('a transaction that is accepted', () => {
  const recorded = recordedBlocks('blocks-standard.json').find(({ number }) => number === 407)
  const [proof] = recorded?.proofs ?? []

  async function mine(method: string) {
    const { service, rpc, caller, receipts } = submitter('later')
    const mined = service.chain.transaction((proof?.hash ?? '').slice(2))
    const block = service.chain.block(407)
    if (mined === undefined || block === undefined) throw new Error('not recorded')
    const { transaction, blockHash, index } = mined
    const receipt = block.receipts[index]
    if (receipt === undefined) throw new Error('not recorded')
    const answer = await ask(rpc, method, [1, to0x(transaction.raw)], caller)
    expect(answer.result).toBe(proof?.hash)
    expect(receipts).toEqual([])
    const outcome = service.pool.outcomes.get(transaction.hashText)
    outcome?.({ type: 'mined', transaction, receipt, block, blockHash, index })
    return { receipts, outcome }
  }

  it('brings its receipt as queries show it', async () => {
    const { receipts } = await mine('sendRawTransaction')
    expect(receipts).toEqual([proof?.receipt.transactionReceipt])
  })

  it('brings the proofs as well when they were asked for', async () => {
    const { receipts } = await mine('sendRawTransactionAndGetProof')
    expect(receipts).toEqual([
      {
        ...proof?.receipt.transactionReceipt,
        receiptProof: proof?.receipt.receiptProof,
        txProof: proof?.transaction.txProof,
      },
    ])
  })

  it('brings an empty receipt when no block took it', async () => {
    const { service, rpc, caller, receipts } = submitter('now')
    const { raw = '', hash = '' } = refusals[0] ?? {}
    await ask(rpc, 'sendRawTransaction', [1, raw], caller)
    service.pool.outcomes.get(hash.slice(2))?.({ type: 'dropped', status: 29 })
    expect(receipts).toMatchObject([{ status: '0x1d', statusMsg: 'TransactionRefused' }])
  })
})

function signed(nonce: number, signing: typeof suite = suite): Transaction {
  const fields = {
    nonce: BigInt(nonce),
    gasPrice: 1n,
    gas: 1n,
    blockLimit: 500n,
    to: undefined,
    value: 0n,
    data: Uint8Array.of(nonce),
    chainId: 1n,
    groupId: 1n,
    extraData: new Uint8Array(0),
  }
  return signTransaction(fields, suite.keyPair(new Uint8Array(32).fill(1 + (nonce % 3))), signing)
}

describe('a batch of submissions', () => {
  it('is answered alike whether or not other cores check its signatures', async () => {
    const raws = Array.from({ length: 20 }, (_, i) => to0x(signed(i).raw))
    const forged = raws[0]!.replace(/..$/, (last) => (last === '11' ? '22' : '11'))
    const texts = [...raws, forged, '0x00', 'no hex', raws[1]!]
    const requests = texts.map((text, id) => ({
      jsonrpc: '2.0',
      method: id % 2 === 0 ? 'sendRawTransaction' : 'sendRawTransactionAndGetProof',
      params: [1, text],
      id,
    }))
    const inline = inlineSignatureBatches(suite)
    let checked = 0
    const sharing: SignatureBatches = {
      ...inline,
      isSharing: true,
      recover: (batch) => {
        checked += batch.count
        return inline.recover(batch)
      },
    }
    const answers = await Promise.all(
      [undefined, sharing].map(async (signatures) => {
        const service = new TestService()
        const rpc = rpcOf(service, { signatures })
        let asked = 0
        const admit = (): void => {
          asked += 1
          if (asked === 4) throw new RpcError('RPC_OVER_LIMIT')
        }
        const answer = await rpc.handle(JSON.stringify(requests), { refusals: 'now', admit })
        const senders = service.pool.submitted.map((one) => one.sender(suite))
        return { answer, senders }
      }),
    )
    expect(answers[1]).toEqual(answers[0])
    expect(answers[0]?.senders).toHaveLength(texts.length - 3)
    // Each text once, and none that was refused or could not be read.
    expect(checked).toBe(new Set(texts).size - 3)
  })
})

import { fromHex, isBcosError, to0x } from '@bcos-ts/common'
import { guomiSuite, standardSuite } from '@bcos-ts/crypto'
import { signTransaction, type TransactionFields } from '@bcos-ts/protocol'
import { describe, expect, it } from 'vitest'
import {
  accountOf,
  Client,
  Contract,
  DagTransfer,
  generateAccount,
  httpTransport,
  NativeAddress,
  type RpcError,
  verifyReceiptProof,
  verifyTransactionProof,
} from '../src/index.ts'
import {
  atEnd,
  clientOf,
  NOTES_ABI,
  notesCode,
  setup,
  transportTo,
  TRANSPORTS,
  until,
} from './support.ts'
import { SEALER, suiteOf, testGroup } from './test-chain.ts'
import { startTestNode } from './test-node.ts'

const NATIVE = NativeAddress.dagTransfer
const SECRET = new Uint8Array(32).fill(7)

function fieldsOf(fields: Partial<TransactionFields> = {}): TransactionFields {
  return {
    nonce: 1n,
    gasPrice: 1n,
    gas: 300_000_000n,
    blockLimit: 400n,
    to: NATIVE,
    value: 0n,
    data: new Uint8Array(0),
    chainId: 1n,
    groupId: 1n,
    extraData: new Uint8Array(0),
    ...fields,
  }
}

function signed(fields: Partial<TransactionFields> = {}): Uint8Array {
  return signTransaction(fieldsOf(fields), standardSuite.keyPair(SECRET), standardSuite).raw
}

describe.each(TRANSPORTS)('a client over %s', (name) => {
  it('asks about a group by the names of JSON-RPC', async () => {
    const { client, group } = await setup(name)
    const account = generateAccount(standardSuite)
    const contract = await Contract.deploy({ client, account, abi: NOTES_ABI }, notesCode())
    const { receipt } = await contract.send('note', 1n, 2n)
    const { transactionHash: hash } = receipt
    expect(await client.getBlockNumber()).toBe(2)
    expect(await client.getPbftView()).toBe(5)
    expect(await client.getSealerList()).toEqual([SEALER])
    expect(await client.getObserverList()).toEqual([])
    expect(await client.getGroupPeers()).toEqual([SEALER])
    expect(await client.getSystemConfigByKey('tx_count_limit')).toBe('1000')
    expect(await client.getTotalTransactionCount()).toEqual({
      blockNumber: 2,
      txSum: 2,
      failedTxSum: 0,
    })
    expect(await client.getCode(contract.address)).toHaveLength(notesCode().length - 12)
    expect(await client.getConsensusStatus()).toMatchObject({
      groupId: 1,
      nodeId: SEALER,
      isSealer: true,
      highestBlockNumber: 2,
      currentView: 5,
      sealers: [SEALER],
      views: [{ nodeId: SEALER, view: 5 }],
    })
    expect(await client.getSyncStatus()).toMatchObject({ blockNumber: 2, txPoolSize: 0, peers: [] })
    const blockHash = await client.getBlockHashByNumber(2)
    const block = await client.getBlockByHash(blockHash)
    expect(block).toEqual(await client.getBlockByNumber(2))
    expect(block).toMatchObject({ number: 2, transactions: [hash], signatures: undefined })
    const full = await client.getFullBlock(2)
    expect(full).toEqual(await client.getFullBlock(blockHash))
    expect(full.signatures).toHaveLength(1)
    const transaction = await client.getTransactionByHash(hash)
    expect(full.transactions).toEqual([transaction])
    expect(transaction).toMatchObject({ from: `0x${account.address}`, nonce: expect.any(BigInt) })
    expect([500n, 501n]).toContain(transaction?.blockLimit)
    expect(await client.getTransactionByBlockNumberAndIndex(2, 0)).toEqual(transaction)
    expect(await client.getTransactionByBlockHashAndIndex(blockHash, 0)).toEqual(transaction)
    expect(await client.getTransactionReceipt(hash)).toEqual(receipt)
    expect(await client.getTransactionByHash(`0x${'0'.repeat(63)}1`)).toBeUndefined()
    const header = await client.getBlockHeaderByNumber(2, true)
    expect(header).toEqual(await client.getBlockHeaderByHash(blockHash, true))
    expect(header).toMatchObject({ number: 2, hash: blockHash, signatures: full.signatures })
    const batch = await client.getBatchReceiptsByBlockNumberAndRange(2)
    expect(batch).toEqual(await client.getBatchReceiptsByBlockHashAndRange(blockHash))
    expect(batch).toMatchObject({ blockNumber: 2, blockHash, receiptCount: 1 })
    expect(receipt).toMatchObject({ ...batch.receipts[0] })
    group.hold(true)
    await client.submit(account, { to: NATIVE, data: new Uint8Array(0) })
    await until('it waits', async () => (await client.getPendingTxSize()) === 1)
    const [pending] = await client.getPendingTransactions()
    expect(pending).toMatchObject({ from: `0x${account.address}`, to: `0x${NATIVE}` })
  })

  it('asks about its node', async () => {
    const { client } = await setup(name)
    const { node } = client
    expect(await node.getClientVersion()).toMatchObject({
      version: '2.9.1',
      supportedVersion: '2.9.0',
      chainId: 1n,
      isGuomi: false,
    })
    expect(await node.getNodeInfo()).toMatchObject({ nodeId: SEALER, name: 'node0' })
    expect(await node.getGroupList()).toEqual([1])
    expect(await node.getNodeIDList()).toEqual([SEALER])
    expect(await node.getPeers()).toEqual([])
    expect(await node.queryPeers()).toEqual(['n0:30300'])
    expect(await node.addPeers(['127.0.0.1:30301'])).toMatchObject({ code: 0 })
    expect(await node.queryPeers()).toEqual(['127.0.0.1:30301', 'n0:30300'])
    expect(await node.erasePeers(['127.0.0.1:30301'])).toMatchObject({ code: 0 })
    expect(await client.request('getBlockNumber')).toBe('0x0')
    const init = { sealers: [SEALER], timestamp: 1_600_000_000_000n }
    expect(await node.generateGroup(2, init)).toEqual({
      code: 0,
      message: 'Group 2 generated successfully',
    })
    expect(await node.startGroup(2)).toMatchObject({ code: 0 })
    expect(await node.queryGroupStatus(2)).toMatchObject({ code: 0, status: 'RUNNING' })
    expect(await node.stopGroup(2)).toMatchObject({ code: 0 })
    expect(await node.removeGroup(2)).toMatchObject({ code: 0 })
    expect(await node.queryGroupStatus(2)).toMatchObject({ status: 'DELETED' })
    expect(await node.recoverGroup(2)).toMatchObject({ code: 0 })
    expect(await node.startGroup(9)).toMatchObject({ code: 0xb })
  })

  it('proves what a block holds', async () => {
    const { client, group } = await setup(name)
    const account = accountOf(SECRET, standardSuite)
    group.hold(true)
    const sent = Array.from({ length: 20 }, (_, i) =>
      client.sendRawTransactionAndGetProof(signed({ nonce: BigInt(i + 1) })),
    )
    await until('all wait', async () => (await client.getPendingTxSize()) === 20)
    await group.mine()
    const proven = await Promise.all(sent)
    const { transactionsRoot, receiptsRoot } = await client.getBlockHeaderByNumber(1)
    for (const { receipt, receiptProof = [], transactionProof = [] } of proven) {
      const { transactionHash: hash } = receipt
      expect(receipt.from).toBe(`0x${account.address}`)
      const transaction = await client.getTransactionByHashWithProof(hash)
      const other = await client.getTransactionReceiptByHashWithProof(hash)
      if (transaction === undefined || other === undefined) throw new Error('not there')
      expect(transaction.proof).toEqual(transactionProof)
      expect(other).toEqual({ receipt, proof: receiptProof })
      expect(verifyTransactionProof(transaction, transactionsRoot, standardSuite)).toBe(true)
      expect(verifyReceiptProof(other, receiptsRoot, standardSuite)).toBe(true)
      const forged = { ...other, receipt: { ...receipt, gasUsed: 1n } }
      expect(verifyReceiptProof(forged, receiptsRoot, standardSuite)).toBe(false)
      const elsewhere = {
        ...transaction,
        transaction: { ...transaction.transaction, hash: to0x(SECRET) },
      }
      expect(verifyTransactionProof(elsewhere, transactionsRoot, standardSuite)).toBe(false)
    }
  })

  it('tells a failure in a block by its words, its status and its receipt', async () => {
    const { client } = await setup(name)
    const account = generateAccount(standardSuite)
    const broken = { data: fromHex('fe') }
    await expect(client.send(account, broken)).rejects.toMatchObject({
      code: 'SDK_TRANSACTION_FAILED',
      details: { status: 10, reason: 'BadInstruction', nativeCode: null },
      receipt: { status: 10, blockNumber: 1, statusMessage: 'BadInstruction' },
    })
    expect(await client.transact(account, broken)).toMatchObject({ status: 10, blockNumber: 2 })
    const nowhere = { to: '0x1234567890123456789012345678901234567890', data: new Uint8Array(4) }
    await expect(client.send(account, nowhere)).rejects.toMatchObject({ details: { status: 26 } })
    await expect(client.read(account.address, nowhere.to, nowhere.data)).rejects.toMatchObject({
      code: 'SDK_CALL_FAILED',
      details: { status: 26, to: nowhere.to },
    })
  })

  it('tells by a status why no block will hold a transaction', async () => {
    const { client } = await setup(name)
    const refusal = (raw: Uint8Array) => client.transactRaw(raw)
    const error = (status: number) => ({ code: 'SDK_TRANSACTION_REFUSED', details: { status } })
    await expect(refusal(signed({ chainId: 9n }))).rejects.toMatchObject(error(10_002))
    await expect(refusal(signed({ groupId: 9n }))).rejects.toMatchObject(error(10_003))
    await expect(refusal(signed({ blockLimit: 2000n }))).rejects.toMatchObject(error(16))
    expect(await client.transactRaw(signed())).toMatchObject({ blockNumber: 1 })
    await expect(refusal(signed({ data: SECRET }))).rejects.toMatchObject(error(15))
  })

  it('counts a transaction once, however often it is sent', async () => {
    const { client } = await setup(name)
    const first = await client.transactRaw(signed())
    expect(await client.transactRaw(to0x(signed()))).toEqual(first)
    expect(await client.getBlockNumber()).toBe(1)
    const hash = await client.sendRawTransaction(signed({ nonce: 2n }))
    expect(await client.waitForReceipt(hash)).toMatchObject({ blockNumber: 2 })
  })

  it('says so when a receipt does not come in time', async () => {
    const { client, group } = await setup(name, { receiptTimeoutMs: 150 })
    group.hold(true)
    const account = generateAccount(standardSuite)
    const sent = client.send(account, { to: NATIVE, data: new Uint8Array(0) })
    await expect(sent).rejects.toMatchObject({ code: 'SDK_RECEIPT_TIMEOUT' })
  })

  it('passes refusals of a node on with their code', async () => {
    const { client } = await setup(name)
    await expect(client.group(9).getBlockNumber()).rejects.toMatchObject({
      code: 'SDK_RPC_ERROR',
      message: 'getBlockNumber: GroupID does not exist (-40001)',
      details: { rpcCode: -40_001 },
    })
    await expect(client.getBlockByNumber(9)).rejects.toMatchObject({
      details: { rpcCode: -40_004 },
    })
    const error: unknown = await client
      .getBatchReceiptsByBlockNumberAndRange(0)
      .catch((e: unknown) => e)
    expect(isBcosError<RpcError>(error, 'SDK_RPC_ERROR') && error.details.rpcCode).toBe(-40_099)
  })
})

describe('a client', () => {
  it('uses several groups of a chain', async () => {
    const groups = [await testGroup('standard', 1), await testGroup('standard', 2)]
    const node = await startTestNode({ groups })
    atEnd(() => node.stop())
    const client = clientOf(transportTo(node, 'channel'))
    const account = generateAccount(standardSuite)
    const other = client.group(2)
    expect(other.group(1)).toBe(client)
    const { receipt } = await new DagTransfer({ client: other, account }).userAdd('a', 5)
    expect(await other.getTransactionByHash(receipt.transactionHash)).toMatchObject({ groupId: 2n })
    expect([await client.getBlockNumber(), await other.getBlockNumber()]).toEqual([0, 1])
  })

  it('learns the suite of a chain, and refuses accounts of the other', async () => {
    const { client } = await setup('http', { suite: 'guomi' })
    expect((await client.suite()).name).toBe('guomi')
    const account = generateAccount(await client.suite())
    expect(await new DagTransfer({ client, account }).userAdd('a', 5)).toMatchObject({ code: 0 })
    const stranger = { client, account: generateAccount(standardSuite) }
    await expect(new DagTransfer(stranger).userAdd('b', 5)).rejects.toMatchObject({
      code: 'SDK_OTHER_SUITE',
      details: { account: 'standard', chain: 'guomi' },
    })
    expect(suiteOf('guomi').name).toBe(guomiSuite.name)
  })

  it('says at once that no node is there', async () => {
    const node = await startTestNode({ groups: [] })
    await node.stop()
    const transport = httpTransport({ url: node.httpUrl })
    const client = new Client({ transport, chainId: 1, suite: standardSuite })
    const account = generateAccount(standardSuite)
    await expect(client.send(account, { data: new Uint8Array(0) })).rejects.toMatchObject({
      code: 'SDK_NO_CONNECTION',
      details: { wasSent: false },
    })
  })

  it('keeps nothing waiting when it is closed', async () => {
    const { client, group } = await setup('websocket')
    group.hold(true)
    const account = generateAccount(standardSuite)
    const hash = await client.submit(account, { to: NATIVE, data: new Uint8Array(0) })
    const blocks = client.watchBlocks(() => {})
    await client.close()
    await expect(client.getTransactionReceipt(hash)).rejects.toMatchObject({
      code: 'SDK_NO_CONNECTION',
    })
    await blocks.ended
  })
})

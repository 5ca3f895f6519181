/** What applications do over the Channel protocol: questions, events, blocks, messages, services. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { isDeepStrictEqual, promisify } from 'node:util'
import { fromHex, isBcosError, systemRandom, to0x, toHex, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { ResultCode, TransactionStatus } from '@bcos-ts/protocol'
import {
  type Account,
  accountOf,
  Client,
  Consensus,
  DagTransfer,
  type EventLog,
  generateAccount,
  Governance,
  type RpcError,
} from '@bcos-ts/sdk'
import { type Json, type Member, mine, type Network, soon } from './network.ts'
import { type RecordedBlock, secretKeyOf } from './recording.ts'
import type { Difference } from './replay-steps.ts'

/** Asks a question over both ways; the answers must be the same. */
async function bothWays(
  network: Network,
  questions: readonly (readonly [method: string, params: readonly unknown[]])[],
): Promise<Difference[]> {
  const [member] = network.members
  if (member === undefined) throw new Error('there are four nodes')
  const channel = member.channel(network)
  const differences: Difference[] = []
  for (const [method, params] of questions) {
    const overHttp = await member.post({ jsonrpc: '2.0', method, params, id: 1 })
    const overChannel = await channel.request(method, params).then(
      (result): Json => ({ result }),
      (error: unknown) => {
        if (!isBcosError<RpcError>(error, 'SDK_RPC_ERROR')) throw error
        return { code: error.details.rpcCode }
      },
    )
    const { error, result } = overHttp
    const same = error === undefined ? { result } : { code: Object(error).code }
    network.journal.steps.push(`both ways: ${method}`)
    if (!isDeepStrictEqual(same, overChannel)) {
      differences.push({ label: method, what: 'answer', recorded: same, ours: overChannel })
    }
  }
  await channel.close()
  return differences
}

/** Every method, with parameters that find something where there is something to find. */
export async function askEverything(network: Network): Promise<Difference[]> {
  const [member] = network.members
  if (member === undefined) throw new Error('there are four nodes')
  const number = await mine(member, 1)
  const at = `0x${number.toString(16)}`
  const block = Object(await member.ask('getBlockByNumber', 1, at, false))
  const hash: string = block.hash
  const [transaction]: readonly string[] = block.transactions
  const call = { from: `0x${'1'.repeat(40)}`, to: `0x${'1000'.padStart(40, '0')}`, data: '0x' }
  const never = `0x${'7'.repeat(64)}`
  return bothWays(network, [
    ['getClientVersion', []],
    ['getNodeInfo', []],
    ['getNodeIDList', [1]],
    ['getGroupList', []],
    ['getGroupPeers', [1]],
    ['queryPeers', []],
    ['addPeers', [[`127.0.0.1:${member.ports.p2p}`]]],
    ['erasePeers', [['127.0.0.1:29999']]],
    ['addPeers', ['not a list']],
    ['rpc_modules', []],
    ['getBlockNumber', [1]],
    ['getBlockNumber', [99]],
    ['getBlockNumber', ['1']],
    ['getSealerList', [1]],
    ['getObserverList', [1]],
    ['getEpochSealersList', [1]],
    ['getSystemConfigByKey', [1, 'tx_count_limit']],
    ['getSystemConfigByKey', [1, 'nothing']],
    ['getTotalTransactionCount', [1]],
    ['getPendingTransactions', [1]],
    ['getPendingTxSize', [1]],
    ['getCode', [1, call.to]],
    ['getBlockByNumber', [1, at, true]],
    ['getBlockByNumber', [1, '0xffffff', true]],
    ['getBlockByHash', [1, hash, true]],
    ['getBlockByHash', [1, never, true]],
    ['getBlockHeaderByNumber', [1, at, true]],
    ['getBlockHeaderByHash', [1, hash, true]],
    ['getBlockHashByNumber', [1, at]],
    ['getTransactionByHash', [1, transaction]],
    ['getTransactionByHash', [1, never]],
    ['getTransactionByBlockHashAndIndex', [1, hash, '0x0']],
    ['getTransactionByBlockNumberAndIndex', [1, at, '0x0']],
    ['getTransactionByBlockNumberAndIndex', [1, at, '0x9']],
    ['getTransactionReceipt', [1, transaction]],
    ['getTransactionByHashWithProof', [1, transaction]],
    ['getTransactionReceiptByHashWithProof', [1, transaction]],
    ['getBatchReceiptsByBlockNumberAndRange', [1, at, '0', '-1', false]],
    ['getBatchReceiptsByBlockHashAndRange', [1, hash, '0', '-1', true]],
    ['call', [1, call]],
    ['call', [1, { to: call.to }]],
    ['sendRawTransaction', [1, '0xzz']],
    ['sendRawTransactionAndGetProof', [1, '0xzz']],
    ['generateGroup', [1, {}]],
    ['startGroup', [1]],
    ['stopGroup', [999]],
    ['removeGroup', [1]],
    ['recoverGroup', [1]],
    ['queryGroupStatus', [1]],
    ['noSuchMethod', []],
  ])
}

function over(network: Network, member: Member): Client {
  return new Client({ transport: member.channel(network) })
}

/** The logs of all recorded transactions, as a subscriber of everything is told them. */
export function recordedLogs(blocks: readonly RecordedBlock[]): readonly string[] {
  return blocks.flatMap(({ transactions }) =>
    transactions.flatMap(({ receipt }) => {
      const logs: readonly {
        readonly address: string
        readonly topics: readonly string[]
        readonly data: string
      }[] = Object(receipt).logs
      return logs.map(({ address, topics, data }) => [address, ...topics, data].join())
    }),
  )
}

const logText = ({ address, topics, data }: EventLog): string =>
  [address, ...topics.map(to0x), to0x(data)].join()

/**
 * Hears every event of the chain from its first block on, then those of new blocks as they come, over a node that
 * is killed meanwhile. Two events are new.
 */
export async function hearEvents(network: Network, recorded: number): Promise<readonly string[]> {
  const [first, second] = network.members
  if (first === undefined || second === undefined) throw new Error('there are four nodes')
  const account = generateAccount(standardSuite)
  const emit = () => first.process.client.send(account, { to: COUNTER, data: fromHex(INC) })
  const client = over(network, second)
  const heard: string[] = []
  const numbers: number[] = []
  const events = client.watchEvents({ from: 1 }, (logs) => void heard.push(...logs.map(logText)), {
    onError: () => {},
  })
  const blocks = client.watchBlocks((number) => void numbers.push(number), { onError: () => {} })
  await soon('all recorded events', async () => heard.length >= recorded)
  await emit()
  await soon('a new event', async () => heard.length > recorded)
  await second.killAndRestart()
  await emit()
  await soon('an event after a lost connection', async () => heard.length > recorded + 1)
  network.journal.steps.push('events: history', 'events: live', 'events: after a lost connection')
  const height = await client.getBlockNumber()
  await soon('all new blocks', async () => numbers.at(-1) === height)
  const [start = 0] = numbers
  const expected = Array.from({ length: height - start + 1 }, (_, index) => start + index)
  if (!isDeepStrictEqual(numbers, expected)) throw new Error(`blocks came as ${numbers.join()}`)
  network.journal.steps.push('blocks: each once, in order')
  events.stop()
  blocks.stop()
  await client.close()
  return heard
}

/** Messages from node to node: to one, to all, and to whom the sender knows. */
export async function exchangeMessages(network: Network): Promise<void> {
  const [first, second] = network.members
  if (first === undefined || second === undefined) throw new Error('there are four nodes')
  const [sender, receiver] = [over(network, first), over(network, second)]
  const told: string[] = []
  receiver.amop.subscribe('fruit', ({ payload, isBroadcast }) => {
    told.push(new TextDecoder().decode(payload))
    return isBroadcast ? undefined : 'thanks'
  })
  const key = systemRandom.bytes(32)
  receiver.amop.subscribePrivate('secret', key, ({ payload }) => payload.toReversed())
  sender.amop.publishPrivate('secret', [standardSuite.keyPair(key).publicKey])

  await soon('the topic is known', async () => {
    const peers: readonly { readonly Topic: readonly string[] }[] = Object(
      await first.ask('getPeers', 1),
    )
    return peers.some(({ Topic }) => Topic.includes('fruit'))
  })
  const thanks = new TextDecoder().decode(await sender.amop.send('fruit', 'apple'))
  await sender.amop.broadcast('fruit', 'pear')
  await soon('both messages', async () => told.length === 2)
  if (thanks !== 'thanks' || told.join() !== 'apple,pear') throw new Error(`heard ${told.join()}`)
  let answer: Uint8Array | undefined
  await soon('the subscriber is checked', async () => {
    answer = await sender.amop.sendPrivate('secret', utf8('abc')).catch(() => undefined)
    return answer !== undefined
  })
  if (toHex(answer ?? utf8('')) !== toHex(utf8('cba'))) throw new Error('the answer is another')
  const nobody = await sender.amop.send('no such topic', 'x').catch((error: unknown) => error)
  if (!isBcosError(nobody, 'SDK_AMOP_FAILED')) throw new Error('nobody hears that')
  network.journal.steps.push('AMOP: to one', 'AMOP: to all', 'AMOP: private', 'AMOP: nobody')
  await Promise.all([sender.close(), receiver.close()])
}

/** The example of a running chain, as its first line tells to start it; what it prints. */
export async function runEventsExample({ members }: Network): Promise<string> {
  const ports = members.slice(0, 2).map(({ ports: { rpc } }) => String(rpc))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@bcos-ts/source', '--import', 'tsx', 'src/main.ts', ...ports],
    { cwd: EVENTS_EXAMPLE, timeout: 60_000 },
  )
  return stdout
}

const EVENTS_EXAMPLE = join(import.meta.dirname, '../../../../examples/03-events')

/** Codes that no recorded step has: those of accounts that are frozen, and those that clients find themselves. */
export async function reachOtherCodes(network: Network, governed: number): Promise<void> {
  const [member] = network.members
  if (member === undefined) throw new Error('there are four nodes')
  const client = over(network, member)
  const { codes, steps } = network.journal
  const expectCode = async (label: string, code: number, found: Promise<{ code: number }>) => {
    const result = await found
    if (result.code !== code) throw new Error(`${label}: ${result.code}, not ${code}`)
    codes.add(code)
    steps.push(label)
  }

  const group = client.group(governed)
  const chairman = new Governance({ client: group, account: recordedAccount(COMMITTEE_MEMBER) })
  await expectCode(
    'unfreeze who is not',
    ResultCode.accountAvailable,
    chairman.unfreezeAccount(DEV),
  )
  await expectCode('freeze', 1, chairman.freezeAccount(DEV))
  await expectCode('freeze again', ResultCode.accountFrozen, chairman.freezeAccount(DEV))
  const frozen = await group.transact(recordedAccount(DEV), {
    to: DAG_TRANSFER,
    data: new Uint8Array(4),
  })
  if (frozen.status !== TransactionStatus.accountFrozen) throw new Error(`status ${frozen.status}`)
  steps.push('a frozen account is refused')
  await expectCode('unfreeze', 1, chairman.unfreezeAccount(DEV))

  const account = generateAccount(standardSuite)
  const consensus = new Consensus({ client, account })
  const stranger = 'ab'.repeat(64)
  await expectCode('add a stranger', ResultCode.nodeUnreachable, consensus.addSealer(stranger))
  await expectCode('remove a stranger', ResultCode.notGroupPeer, consensus.removeNode(stranger))
  const { alreadySealer, alreadyObserver } = ResultCode
  await expectCode('add a sealer', alreadySealer, consensus.addSealer(member.nodeId))
  const observed = new Consensus({ client: client.group(6), account })
  const [observer = ''] = await client.group(6).getObserverList()
  await expectCode('add an observer', alreadyObserver, observed.addObserver(observer))
  await new DagTransfer({ client, account }).userAdd(toHex(systemRandom.bytes(4)), 7)
  await client.close()
}

function recordedAccount(address: string): Account {
  return accountOf(secretKeyOf(address), standardSuite)
}

/** The recorded contract that tells of each step it counts. */
const COUNTER = 'fd235786f67831cf584e3913123a1ddf7571710a'
const INC = '371303c0'

/** Of the recorded governance: a member of the committee, and an account that owns gas. */
const COMMITTEE_MEMBER = '0xdf6163456ebf5782f37393eac54eb88dde0b7b4d'
const DEV = '0x42ac16799cbab422e784f52cc6803954b61aefab'
const DAG_TRANSFER = '5002'.padStart(40, '0')

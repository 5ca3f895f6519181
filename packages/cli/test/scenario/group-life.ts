/** Groups that are made, stopped, removed and recovered while the network runs. */
import { isDeepStrictEqual } from 'node:util'
import { systemRandom } from '@bcos-ts/common'
import {
  evenHeight,
  type Json,
  makeGroup,
  type Member,
  mine,
  type Network,
  soon,
  succeed,
} from './network.ts'
import { readGroup2, readManagement, readNodeIds, Translation } from './recording.ts'
import type { Difference } from './replay-steps.ts'

const RECORDED_GROUP = 2
/** Of the recorded nodes; ours have others. */
const RECORDED_P2P = ['127.0.0.1:33300', '127.0.0.1:33301', '127.0.0.1:33302', '127.0.0.1:33303']
const CRASH_GROUP = 5
const KILL_AFTER_MS_MAX = 40

/** Asks for everything that was asked of the recorded nodes; where the answers differ. */
export async function repeatManagement({ members, journal }: Network): Promise<Difference[]> {
  const recordedIds = readNodeIds('groups')
  const translation = new Translation(
    recordedIds,
    members.map(({ nodeId }) => nodeId),
  )
  const own = members.map(({ ports }) => `127.0.0.1:${ports.p2p}`).toSorted()
  const translated = <T>(value: T): T => {
    const text = JSON.stringify(translation.value(value))
    const result: T = JSON.parse(
      RECORDED_P2P.reduce((all, from, index) => all.replaceAll(from, own[index] ?? ''), text),
    )
    return result
  }
  const differences: Difference[] = []
  for (const { label, node, request, response } of readManagement()) {
    const nodeId = translation.text(recordedIds[node] ?? '')
    const member = members.find((one) => one.nodeId === nodeId)
    if (member === undefined) throw new Error(`no node ${nodeId}`)
    if (label === 'remove running') await mineRecorded(member)
    const ours = inOrder(await member.post(translated({ jsonrpc: '2.0', ...request, id: 1 })))
    journal.steps.push(`groups: ${label}`)
    const recorded = inOrder(translated(response))
    if (!isDeepStrictEqual(ours, recorded)) {
      differences.push({ label, what: request.method, recorded, ours })
    }
  }
  return differences
}

function byText(a: unknown, b: unknown): number {
  return String(a) < String(b) ? -1 : 1
}

/** Peers come in the order of their addresses, which are others here. */
function inOrder(answer: Json): Json {
  const { result } = answer
  return Array.isArray(result) ? { ...answer, result: result.toSorted(byText) } : answer
}

/** The transactions of the recorded group. */
async function mineRecorded(member: Member): Promise<void> {
  for (const { number, transactions } of readGroup2().slice(1, 3)) {
    for (const { raw } of transactions) await member.ask('sendRawTransaction', RECORDED_GROUP, raw)
    await soon(`block ${number} of the group`, async () => {
      return (await member.heightOf(RECORDED_GROUP)) >= number
    })
  }
}

/** One group stops, is removed, recovered and started on one node, while the two others go on. */
export async function stopOneOfThree({ members, journal }: Network): Promise<void> {
  const [one, other] = members
  if (one === undefined || other === undefined) throw new Error('there are four nodes')
  await makeGroup(4, members)
  await mine(one, 4)
  for (const operation of ['stopGroup', 'removeGroup', 'recoverGroup', 'startGroup']) {
    await succeed(one, operation, 4)
    journal.steps.push(`one of three: ${operation}`)
    for (const groupId of [1, RECORDED_GROUP]) await mine(one, groupId)
    await mine(other, 4)
  }
  await evenHeight(4, members)
}

/** What an operator may want of a group, in a fitting order. */
const OPERATIONS = ['stopGroup', 'removeGroup', 'recoverGroup', 'startGroup']

/**
 * Kills nodes while they change a group: each operation once on each node, at a moment nobody chose. Afterwards the
 * node has done it, or has not, and can be asked again.
 */
export async function killDuringGroupOperations({ members, journal }: Network): Promise<void> {
  await makeGroup(CRASH_GROUP, members)
  for (const member of members.slice(0, 2)) {
    for (const operation of OPERATIONS) {
      const asked = member.ask(operation, CRASH_GROUP).catch(() => undefined)
      await new Promise<void>((resolve) => {
        setTimeout(resolve, (systemRandom.bytes(1)[0] ?? 0) % KILL_AFTER_MS_MAX)
      })
      await member.killAndRestart()
      await asked
      await finish(member, operation)
      journal.steps.push(`killed during ${operation}`)
      await mine(members[3] ?? member, CRASH_GROUP)
    }
  }
  await evenHeight(CRASH_GROUP, members)
}

/** The state in which each operation leaves a group. */
const AFTERWARDS: Readonly<Record<string, string>> = {
  stopGroup: 'STOPPED',
  removeGroup: 'DELETED',
  recoverGroup: 'STOPPED',
  startGroup: 'RUNNING',
}

async function finish(member: Member, operation: string): Promise<void> {
  const state = async () => Object(await member.ask('queryGroupStatus', CRASH_GROUP)).status
  if ((await state()) !== AFTERWARDS[operation]) await succeed(member, operation, CRASH_GROUP)
  if ((await state()) === AFTERWARDS[operation]) return
  throw new Error(`group ${CRASH_GROUP} is ${await state()} after ${operation}`)
}

/** A node that joins a running group: free, observer, sealer, and back. */
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { standardSuite } from '@bcos-ts/crypto'
import { Consensus, generateAccount } from '@bcos-ts/sdk'
import { evenHeight, hasten, makeGroup, type Member, mine, type Network, soon } from './network.ts'

const GROUP = 6
const NOT_A_MEMBER = -40_009
const NOT_A_SEALER = 65_535

const account = generateAccount(standardSuite)

async function errorOf(member: Member, method: string): Promise<number | undefined> {
  const answer = await member.post({ jsonrpc: '2.0', method, params: [GROUP], id: 1 })
  const { code } = Object(answer['error'])
  return typeof code === 'number' ? code : undefined
}

function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

async function statusOf(member: Member) {
  const [status] = Object(await member.ask('getConsensusStatus', GROUP))
  return Object(status)
}

/** Indices of those who signed a block. */
async function signersOf(member: Member, number: number): Promise<readonly number[]> {
  const header = Object(
    await member.ask('getBlockHeaderByNumber', GROUP, `0x${number.toString(16)}`, true),
  )
  const signatures: readonly { readonly index: string }[] = header.signatureList
  return signatures.map(({ index }) => Number(index))
}

/** Tells the whole story of a node in a group; throws where it goes otherwise. */
export async function joinAndLeave({ members, journal }: Network): Promise<void> {
  const [first, second, third, guest] = members
  if (first === undefined || second === undefined || third === undefined || guest === undefined) {
    throw new Error('there are four nodes')
  }
  const founders = [first, second, third]
  const note = (step: string) => void journal.steps.push(`roles: ${step}`)
  await makeGroup(GROUP, founders)
  for (let i = 0; i < 5; i++) await mine(founders[i % 3] ?? first, GROUP)

  await bringIn(guest, first)
  must((await errorOf(guest, 'getBlockNumber')) === NOT_A_MEMBER, 'a free node is refused')
  must(!Object(await guest.ask('getGroupList')).includes(GROUP), 'a free node is not of the group')
  note('a free node holds nothing and answers nothing')

  const consensus = new Consensus({ client: first.process.client.group(GROUP), account })
  const change = async (kind: 'addObserver' | 'addSealer' | 'removeNode') => {
    const { code, message } = await consensus[kind](guest.nodeId)
    must(code === 1, `${kind}: ${message}`)
  }
  await change('addObserver')
  const height = await evenHeight(GROUP, members)
  const [own, others] = [await guest.hashesOf(GROUP, height), await first.hashesOf(GROUP, height)]
  must(String(own) === String(others), 'an observer has the blocks of the others')
  const observed = await statusOf(guest)
  must(observed.cfgErr === true && observed.node_index === NOT_A_SEALER, 'an observer has no index')
  note('an observer fetches and executes every block')

  await mine(guest, GROUP)
  note('an observer passes transactions on')

  await second.process.kill()
  await expectStandstill(guest, first)
  second.process.start()
  await soon('the group goes on', async () => (await first.heightOf(GROUP)) > height + 1)
  await evenHeight(GROUP, members)
  note('an observer does not vote: three sealers cannot spare one')

  await change('addSealer')
  await evenHeight(GROUP, members)
  must((await statusOf(guest)).accountType === 1, 'the new sealer knows that it is one')
  await second.process.kill()
  const needed = await mine(guest, GROUP)
  const { node_index: index } = await statusOf(guest)
  must((await signersOf(first, needed)).includes(index), 'the new sealer signs')
  note('a promoted observer votes: four sealers can spare one')
  second.process.start()
  await evenHeight(GROUP, members)
  note('the lost sealer catches up')

  await change('addObserver')
  await mine(first, GROUP)
  await evenHeight(GROUP, members)
  must((await statusOf(guest)).cfgErr === true, 'a demoted sealer is an observer')
  note('a demoted sealer observes')

  await change('removeNode')
  await soon('the guest is out', async () => (await errorOf(guest, 'getBlockNumber')) !== undefined)
  await mine(first, GROUP)
  must((await errorOf(guest, 'getBlockNumber')) === NOT_A_MEMBER, 'a removed node is refused')
  note('a removed node is served nothing')

  await change('addObserver')
  await evenHeight(GROUP, members)
  note('a removed node comes back')
}

/** The genesis of the group in the folder of another node, and the sign by which operators say so. */
async function bringIn(guest: Member, host: Member): Promise<void> {
  for (const name of [`group.${GROUP}.ini`, `group.${GROUP}.genesis`]) {
    copyFileSync(join(host.conf, name), join(guest.conf, name))
  }
  hasten(join(guest.conf, `group.${GROUP}.ini`))
  writeFileSync(join(guest.process.folder, 'config.ini.append_group'), '')
  await soon('the new group is loaded', async () => {
    return Object(await guest.ask('queryGroupStatus', GROUP)).status === 'RUNNING'
  })
}

/** A transaction that waits in the pool for a block that cannot come. */
async function expectStandstill(observer: Member, sealer: Member): Promise<void> {
  const before = await sealer.heightOf(GROUP)
  const client = observer.process.client.group(GROUP)
  await client.submit(account, { to: '5002'.padStart(40, '0'), data: new Uint8Array(4) })
  await soon('the sealers have the transaction', async () => {
    return Number(await sealer.ask('getPendingTxSize', GROUP)) === 1
  })
  const view = Number(await sealer.ask('getPbftView', GROUP))
  await soon('the sealers look for another leader', async () => {
    return Number(Object(await statusOf(sealer)).toView) > view
  })
  must((await sealer.heightOf(GROUP)) === before, 'no block without a quorum of sealers')
}

/** Kills a node during each of a row of changes of the members. All hold the same blocks in the end. */
export async function killDuringMembershipChanges({ members, journal }: Network): Promise<void> {
  const [first, second, third, guest] = members
  if (first === undefined || second === undefined || third === undefined || guest === undefined) {
    throw new Error('there are four nodes')
  }
  const consensus = new Consensus({ client: first.process.client.group(GROUP), account })
  const rounds = [
    ['addSealer', guest],
    ['addObserver', second],
    ['addSealer', third],
    ['removeNode', guest],
    ['addSealer', third],
    ['addObserver', second],
  ] as const
  for (const [kind, victim] of rounds) {
    const changed = consensus[kind](guest.nodeId)
    await victim.killAndRestart()
    const { code, message } = await changed
    must(code === 1, `${kind}: ${message}`)
    journal.steps.push(`roles: killed during ${kind}`)
    await soon('the change is everywhere', async () => {
      const heights = await Promise.all(
        [first, second, third].map((member) => member.heightOf(GROUP)),
      )
      return new Set(heights).size === 1
    })
  }
}

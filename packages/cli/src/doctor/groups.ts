/**
 * The groups of a node that runs: who is in them, how far they are, and whether they move.
 * @module
 */
import type { Clock } from '@bcos-ts/common'
import { genesisHashOf, type GroupSettings, inspectData } from '@bcos-ts/node'
import type { ConsensusType } from '@bcos-ts/protocol'
import { failed, type Finding, ok, skipped, warning, wrong } from './finding.ts'
import { type Ask, listOf, numberOf, recordOf, type RunningNodeView, textOf } from './node-rpc.ts'

const POLL_MS = 500
/** A group whose sealers work moves block or view at least so often (spec 04 §6.7). */
const PROGRESS_MS = 15_000
const CLOCK_AHEAD_MS = 5000

const NOT_A_MEMBER = -40_009
const NO_GROUP = -40_001

/** What is on disk of groups whose node does not run. */
export async function checkData(groups: readonly GroupSettings[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { genesis, dataFolder } of groups) {
    const check = `group ${genesis.groupId}: data`
    try {
      const height = await inspectData(genesis, dataFolder)
      findings.push(
        ok(check, height === undefined ? 'none yet' : `of this genesis, up to block ${height}`),
      )
    } catch (error) {
      findings.push(failed(check, error))
    }
  }
  return findings.length > 0
    ? findings
    : [warning('groups', 'conf has no group.N.genesis', NO_FILES)]
}

const NO_FILES = 'Put the genesis file of a group, the same as on its members, into conf.'

/** The groups of the configuration, asked of the node that runs. */
export async function checkGroups(
  groups: readonly GroupSettings[],
  running: RunningNodeView,
  clock: Clock,
): Promise<Finding[]> {
  const findings = await Promise.all(groups.map((group) => checkGroup(group, running, clock)))
  return findings.flat()
}

async function checkGroup(
  { genesis }: GroupSettings,
  running: RunningNodeView,
  clock: Clock,
): Promise<Finding[]> {
  const { groupId, consensusType } = genesis
  const { ask } = running
  const name = (what: string): string => `group ${groupId}: ${what}`
  const { result: hash, code } = await ask('getBlockHashByNumber', [groupId, '0'])
  if (code === NO_GROUP) {
    const { status } = recordOf((await ask('queryGroupStatus', [groupId])).result)
    const isMeant = status === 'STOPPED' || status === 'DELETED'
    return isMeant
      ? [warning(name('running'), `it is ${status}`, START)]
      : [wrong(name('running'), 'the node does not run it', START)]
  }
  if (code === NOT_A_MEMBER) {
    return [wrong(name('role'), 'this node is neither sealer nor observer of it', JOIN)]
  }
  const members = await readMembers(groupId, ask)
  return [
    checkGenesis(name('genesis'), hash, genesisHashOf(genesis)),
    checkRole(name('role'), members, running.nodeId),
    checkQuorum(name('sealers'), { members, consensusType }, running),
    await checkHeight(name('height'), groupId, ask),
    await checkClock(name('clock'), { groupId, ask }, clock),
    await checkConsensus(name('progress'), { members, genesis, nodeId: running.nodeId }, ask),
  ]
}

const START =
  'Call startGroup for it, or restart the node; queryGroupStatus says why it does not run.'
const JOIN =
  'A sealer of the group calls addObserver of Consensus (0x1003) with this node id; later addSealer.'

interface Members {
  readonly sealers: readonly string[]
  /** Of rPBFT those whose turn it is, else all. */
  readonly working: readonly string[]
  readonly observers: readonly string[]
}

async function readMembers(groupId: number, ask: Ask): Promise<Members> {
  const list = async (method: string): Promise<string[]> =>
    listOf((await ask(method, [groupId])).result).flatMap((one) => textOf(one) ?? [])
  const sealers = await list('getSealerList')
  const working = await list('getEpochSealersList')
  return {
    sealers,
    working: working.length === 0 ? sealers : working,
    observers: await list('getObserverList'),
  }
}

function checkGenesis(check: string, stored: unknown, configured: string): Finding {
  return stored === `0x${configured}`
    ? ok(check, `block 0 is that of group.N.genesis, ${configured.slice(0, 8)}…`)
    : wrong(
        check,
        `block 0 is ${String(stored)}, but the file makes 0x${configured}`,
        'The file was changed after the chain began: put back the one that all members have.',
      )
}

function checkRole(check: string, { sealers, observers }: Members, nodeId: string): Finding {
  if (sealers.includes(nodeId)) return ok(check, `sealer, one of ${sealers.length}`)
  if (observers.includes(nodeId)) return ok(check, `observer of ${sealers.length} sealers`)
  return wrong(check, 'this node is neither sealer nor observer of it', JOIN)
}

/** PBFT goes on with all but a third of those who work, Raft with a majority. */
function checkQuorum(
  check: string,
  { members, consensusType }: { readonly members: Members; readonly consensusType: ConsensusType },
  { nodeId, peers }: RunningNodeView,
): Finding {
  const sealers = members.working
  const connected = new Set([nodeId, ...peers.map((peer) => peer.nodeId)])
  const missing = sealers.filter((sealer) => !connected.has(sealer))
  const share = consensusType === 'raft' ? 2 : 3
  const needed = sealers.length - Math.floor((sealers.length - 1) / share)
  const present = sealers.length - missing.length
  const names = missing.map((one) => `${one.slice(0, 8)}…`).join(', ')
  if (missing.length === 0) return ok(check, `all ${sealers.length} are connected`)
  if (present < needed) {
    return wrong(
      check,
      `${present} of ${sealers.length} connected, ${needed} needed; missing ${names}`,
      CONNECT,
    )
  }
  return warning(check, `${present} of ${sealers.length} connected; missing ${names}`, CONNECT)
}

const CONNECT = 'Start the sealers that are missing, and see the rows of the peers.'

async function checkHeight(check: string, groupId: number, ask: Ask): Promise<Finding> {
  const status = recordOf((await ask('getSyncStatus', [groupId])).result)
  const own = numberOf(status['blockNumber'])
  if (own === undefined) return skipped(check, 'the node does not tell')
  const peers = listOf(status['peers']).map(recordOf)
  const foreign = peers.filter((peer) => peer['genesisHash'] !== status['genesisHash'])
  if (foreign.length > 0) {
    return wrong(check, `${foreign.length} members have another genesis`, SAME_GENESIS)
  }
  const best = Math.max(own, ...peers.map((peer) => numberOf(peer['blockNumber']) ?? 0))
  const difference = recordOf((await ask('getExecutionDifference', [groupId])).result)
  const differing = numberOf(difference['height'])
  if (differing !== undefined) {
    return wrong(check, `block ${differing} has another result here than in the group`, DIFFERS)
  }
  if (own >= best - 1) return ok(check, `block ${own}, as far as ${peers.length} members`)
  return status['isSyncing'] === true
    ? warning(check, `block ${own} of ${best}, synchronising`, 'Wait: it catches up.')
    : wrong(
        check,
        `block ${own} of ${best}, and does not catch up`,
        'See its log for "a block cannot be added".',
      )
}

const DIFFERS = 'Run bcos-ts difference: it names the first receipt and row that differ.'

const SAME_GENESIS =
  'All members need the same group.N.genesis; those that differ are another chain.'

interface GroupQuestion {
  readonly groupId: number
  readonly ask: Ask
}

/** Blocks carry the time of the sealers: one from the future says that this host's clock is behind. */
async function checkClock(
  check: string,
  { groupId, ask }: GroupQuestion,
  clock: Clock,
): Promise<Finding> {
  const height = numberOf((await ask('getBlockNumber', [groupId])).result)
  const block = recordOf((await ask('getBlockByNumber', [groupId, String(height), false])).result)
  const timestamp = numberOf(block['timestamp'])
  if (timestamp === undefined) return skipped(check, 'the latest block cannot be read')
  const aheadMs = timestamp - clock.nowMs()
  return aheadMs > CLOCK_AHEAD_MS
    ? wrong(
        check,
        `the latest block is ${Math.round(aheadMs / 1000)} s in the future of this host`,
        SET_CLOCK,
      )
    : ok(check, 'the latest block is not in the future')
}

const SET_CLOCK = 'Let all hosts take their time from a time server (NTP).'

/** Whether the group agrees on anything, as far as this node can see. */
async function checkConsensus(
  check: string,
  {
    members,
    genesis: { groupId, consensusType },
    nodeId,
  }: {
    readonly members: Members
    readonly genesis: GroupSettings['genesis']
    readonly nodeId: string
  },
  ask: Ask,
): Promise<Finding> {
  if (!members.sealers.includes(nodeId)) {
    return skipped(check, 'only sealers see views pass while no transaction comes')
  }
  if (consensusType === 'raft') return checkLeader(check, groupId, ask)
  return members.working.includes(nodeId)
    ? checkProgress(check, groupId, ask)
    : skipped(check, 'it is not the turn of this sealer to work')
}

/** An idle Raft group does nothing that could be seen, but it has a leader. */
async function checkLeader(check: string, groupId: number, ask: Ask): Promise<Finding> {
  for (let waitedMs = 0; waitedMs < PROGRESS_MS; waitedMs += POLL_MS) {
    const [status] = listOf((await ask('getConsensusStatus', [groupId])).result)
    const leader = textOf(recordOf(status)['leaderId'])
    if (leader !== undefined && /^[0-9a-f]{128}$/.test(leader)) {
      return ok(check, `${leader.slice(0, 8)}… leads`)
    }
    await new Promise((resolve) => void setTimeout(resolve, POLL_MS))
  }
  return wrong(
    check,
    'no leader is elected',
    'A majority of the sealers must be connected: see the rows of sealers and peers.',
  )
}

/** Whether block or view move while we look. */
async function checkProgress(check: string, groupId: number, ask: Ask): Promise<Finding> {
  const read = async (): Promise<string> => {
    const height = await ask('getBlockNumber', [groupId])
    const view = await ask('getPbftView', [groupId])
    return `block ${String(numberOf(height.result))}, view ${String(numberOf(view.result))}`
  }
  const before = await read()
  for (let waitedMs = 0; waitedMs < PROGRESS_MS; waitedMs += POLL_MS) {
    await new Promise((resolve) => void setTimeout(resolve, POLL_MS))
    const now = await read()
    if (now !== before) return ok(check, `from ${before} to ${now}`)
  }
  return wrong(
    check,
    `stands still at ${before}`,
    'Sealers do not agree: see the rows of sealers and clock.',
  )
}

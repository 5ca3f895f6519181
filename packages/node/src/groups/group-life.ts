/**
 * What may happen to a group: its states, and which operation leads from which to which (spec 04 §11.1, 02 §14.10).
 * Pure; `GroupManager` carries it out.
 * @module
 */
import { GroupCode } from '@bcos-ts/protocol'
import type { ManagementResult } from '@bcos-ts/protocol/ports'

/** The word in `.group_status`. */
export type GroupStatus = 'RUNNING' | 'STOPPING' | 'STOPPED' | 'DELETED'

/** What `queryGroupStatus` answers. UNKNOWN: the file holds another word, so nobody can say what was meant. */
export type GroupState = GroupStatus | 'INEXISTENT' | 'UNKNOWN'

export type GroupOperation = 'start' | 'stop' | 'remove' | 'recover'

const STATUSES: ReadonlySet<string> = new Set<GroupStatus>([
  'RUNNING',
  'STOPPING',
  'STOPPED',
  'DELETED',
])

export function isGroupStatus(word: string): word is GroupStatus {
  return STATUSES.has(word)
}

/**
 * State of a group that does not run, by its word on disk. A group that was running or stopping when the process
 * ended is stopped now.
 */
export function restingState(word: string | undefined, hasGenesis: boolean): GroupState {
  if (!hasGenesis) return 'INEXISTENT'
  if (word === undefined) return 'STOPPED'
  if (!isGroupStatus(word)) return 'UNKNOWN'
  return word === 'DELETED' ? 'DELETED' : 'STOPPED'
}

/** Whether a group is to run when its node starts. */
export function startsWithNode(word: string | undefined): boolean {
  return word === undefined || word === 'RUNNING'
}

type Refusal = readonly [code: number, message: string]

const UNKNOWN_WORD: Refusal = [
  GroupCode.internalError,
  'Please check `.group_status` file of the group: it holds none of RUNNING, STOPPING, STOPPED, DELETED',
]

const NOT_FOUND: Refusal = [GroupCode.notFound, 'Group N not found']
const STOPPING: Refusal = [GroupCode.stopping, 'Group N is stopping']
const ALREADY_DELETED: Refusal = [GroupCode.deleted, 'Group N has already been deleted']
const NOT_DELETED: Refusal = [GroupCode.notDeleted, 'Group N has not been deleted']

/** Where there is no entry, the operation may go on. */
const REFUSALS: Readonly<Record<GroupOperation, Partial<Record<GroupState, Refusal>>>> = {
  start: {
    INEXISTENT: [GroupCode.genesisMissing, 'Genesis config file for group N not found'],
    RUNNING: [GroupCode.running, 'Group N is already running'],
    STOPPING,
    DELETED: [GroupCode.deleted, 'Group N has been deleted'],
    UNKNOWN: UNKNOWN_WORD,
  },
  stop: {
    INEXISTENT: NOT_FOUND,
    STOPPED: [GroupCode.stopped, 'Group N has already been stopped'],
    STOPPING,
    DELETED: ALREADY_DELETED,
    UNKNOWN: UNKNOWN_WORD,
  },
  remove: {
    INEXISTENT: NOT_FOUND,
    RUNNING: [GroupCode.running, 'Group N is running'],
    STOPPING,
    DELETED: ALREADY_DELETED,
    UNKNOWN: UNKNOWN_WORD,
  },
  recover: {
    INEXISTENT: NOT_FOUND,
    RUNNING: NOT_DELETED,
    STOPPING: NOT_DELETED,
    STOPPED: NOT_DELETED,
    UNKNOWN: UNKNOWN_WORD,
  },
}

/** Why an operation cannot be done in this state; `undefined` when it can. */
export function refusalOf(
  operation: GroupOperation,
  state: GroupState,
  groupId: number,
): ManagementResult | undefined {
  const [code, message] = REFUSALS[operation][state] ?? []
  if (code === undefined || message === undefined) return undefined
  return { code, message: message.replace('N', String(groupId)) }
}

const DONE: Readonly<Record<GroupOperation | 'generate', string>> = {
  generate: 'generated',
  start: 'started',
  stop: 'stopped',
  remove: 'deleted',
  recover: 'recovered',
}

export function successOf(
  operation: GroupOperation | 'generate',
  groupId: number,
): ManagementResult {
  const message = `Group ${groupId} ${DONE[operation]} successfully`
  return { code: GroupCode.success, message }
}

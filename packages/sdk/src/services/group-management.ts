import { JsonReader, readText } from '../json/read.ts'
import { type ManagementAnswer, readManagement } from '../json/status.ts'
import type { Transport } from '../transport.ts'

/** What a new group is made of (spec 02 §14.10). */
export interface NewGroupInit {
  /** Node ids of 128 digits; each must be connected to the node that is asked. */
  readonly sealers: readonly string[]
  /** Milliseconds since the Unix epoch; the same on all nodes of the group. */
  readonly timestamp: number | bigint
  /**
   * Other prices of storage.
   * @default false
   */
  readonly isFreeStorage?: boolean
}

export type GroupState = 'INEXISTENT' | 'STOPPING' | 'RUNNING' | 'STOPPED' | 'DELETED' | 'UNKNOWN'

export interface GroupStatusAnswer extends ManagementAnswer {
  readonly status: GroupState
}

const STATES: ReadonlySet<string> = new Set<GroupState>([
  'INEXISTENT',
  'STOPPING',
  'RUNNING',
  'STOPPED',
  'DELETED',
])

function isGroupState(text: string): text is GroupState {
  return STATES.has(text)
}

/**
 * Groups of the one node that is asked (spec 02 §14.10). A refusal is an answer with a code and a sentence, not an
 * error; a node that does not allow it at all throws `SDK_RPC_ERROR` with -100001. Every node of a group is asked
 * by itself, so the transport should lead to one node only.
 */
export class GroupManagement {
  readonly transport: Transport

  constructor({ transport }: { readonly transport: Transport }) {
    this.transport = transport
  }

  /** Writes the files of a new group. */
  generateGroup(groupId: number, init: NewGroupInit): Promise<ManagementAnswer> {
    const { timestamp, sealers, isFreeStorage = false } = init
    return this.#manage('generateGroup', groupId, {
      timestamp: String(timestamp),
      sealers,
      enable_free_storage: isFreeStorage,
    })
  }

  startGroup(groupId: number): Promise<ManagementAnswer> {
    return this.#manage('startGroup', groupId)
  }

  stopGroup(groupId: number): Promise<ManagementAnswer> {
    return this.#manage('stopGroup', groupId)
  }

  /** Of a group that is stopped; {@link recoverGroup} brings it back. */
  removeGroup(groupId: number): Promise<ManagementAnswer> {
    return this.#manage('removeGroup', groupId)
  }

  recoverGroup(groupId: number): Promise<ManagementAnswer> {
    return this.#manage('recoverGroup', groupId)
  }

  async queryGroupStatus(groupId: number): Promise<GroupStatusAnswer> {
    const method = 'queryGroupStatus'
    const answer = await this.transport.request(method, [groupId])
    const status = readText(method, new JsonReader(method, answer).raw('status'))
    return {
      ...readManagement(method, answer),
      status: isGroupState(status) ? status : 'UNKNOWN',
    }
  }

  async #manage(method: string, ...params: readonly unknown[]): Promise<ManagementAnswer> {
    return readManagement(method, await this.transport.request(method, params))
  }
}

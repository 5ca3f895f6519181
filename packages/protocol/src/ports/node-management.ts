import type { NodeId } from '../primitives.ts'

/** Answer of a group management call; codes are those of `GroupCode`. */
export interface ManagementResult {
  readonly code: number
  readonly message: string
  /** Of `queryGroupStatus`: INEXISTENT, STOPPING, RUNNING, STOPPED, DELETED or UNKNOWN. */
  readonly status?: string
}

/** What a new group is made of. The caller has checked the form of each. */
export interface NewGroup {
  readonly groupId: number
  /** Milliseconds. */
  readonly timestamp: bigint
  readonly sealers: readonly NodeId[]
  readonly isFreeStorage: boolean
}

/** Groups made, started and stopped while the node runs. Nothing rejects: failures are results. */
export interface GroupManagement {
  generateGroup(group: NewGroup): Promise<ManagementResult>
  startGroup(groupId: number): Promise<ManagementResult>
  stopGroup(groupId: number): Promise<ManagementResult>
  removeGroup(groupId: number): Promise<ManagementResult>
  recoverGroup(groupId: number): Promise<ManagementResult>
  queryGroupStatus(groupId: number): Promise<ManagementResult>
}

/** Changes to a running node on behalf of its operator. */
export interface NodeManagement {
  readonly groups: GroupManagement
  /** Makes a changed list of peers survive a restart; a sentence when that failed. */
  savePeers(endpoints: readonly string[]): Promise<string | undefined>
}

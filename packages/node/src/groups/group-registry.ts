import type { NewGroup } from '@bcos-ts/protocol/ports'
import type { GroupStatus } from './group-life.ts'
import type { GroupSettings } from './group-settings.ts'

/**
 * Where a node keeps what its groups are made of, and whether each is to run. Everything that was written is
 * durable when the promise resolves; a crash in the middle of one write leaves the former content or the new one.
 */
export interface GroupRegistry {
  /** Groups with a genesis description, ascending. */
  ids(): readonly number[]
  has(groupId: number): { readonly genesis: boolean; readonly settings: boolean }
  /** The status word as it was written; `undefined` for a group that has none yet. */
  status(groupId: number): string | undefined
  setStatus(groupId: number, status: GroupStatus): Promise<void>
  /** Writes settings first and the genesis last: without a genesis there is no group. */
  create(group: NewGroup): Promise<void>
  /** Throws the errors of configuration files: `CONFIG_UNREADABLE`, `CONFIG_SYNTAX`, `CONFIG_INVALID_VALUE`. */
  read(groupId: number): GroupSettings
}

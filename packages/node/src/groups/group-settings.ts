import type { GenesisParameters } from '@bcos-ts/protocol'
import type { EventLimits } from '@bcos-ts/rpc/channel'
import type { GroupConfig } from '../config/group-config.ts'

/** What a node knows of a group before it opens it. */
export interface GroupSettings {
  readonly genesis: GenesisParameters
  readonly config: GroupConfig
  /** Event subscriptions are configured in the genesis file too (spec 02 §1). */
  readonly events: EventLimits
  /** `group.N.ini`, which need not be there. */
  readonly settingsFile: string
  /** `data/groupN`. */
  readonly dataFolder: string
}

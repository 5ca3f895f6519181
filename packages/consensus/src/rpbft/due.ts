/**
 * When the committee of an rPBFT group changes (spec 04 §7.2, spec 03 §3.12).
 * @module
 */
import type { BlockStore } from '@bcos-ts/protocol/ports'

/** What the committed chain says about the next block. */
type ChainReader = Pick<BlockStore, 'head' | 'membership' | 'systemConfig'>

export interface RotationDue {
  /** The contract rotates when it is called in the next block: the leader calls it. */
  readonly isDue: boolean
  /**
   * A proposal for the next block without the call is refused. Not for a new size of the committee alone: nodes of the
   * reference compare it with the former value, which is not on the chain.
   */
  readonly isRequired: boolean
}

const NOT_DUE: RotationDue = { isDue: false, isRequired: false }

/** Whether the block after the last committed one is to rotate the committee. Never block 1. */
export function rotationDue(chain: ChainReader): RotationDue {
  const { number } = chain.head()
  if (number === 0) return NOT_DUE
  const size = numberOf(chain, 'rpbft_epoch_sealer_num')
  const epoch = numberOf(chain, 'rpbft_epoch_block_num')
  const notice = numberOf(chain, 'notify_rotate')
  const { sealers, workingSealers } = chain.membership()
  const isNotified = notice !== undefined && notice.value !== 0
  const isShort = size !== undefined && workingSealers.length < Math.min(size.value, sealers.length)
  const isEpochOver =
    epoch !== undefined && epoch.value > 0 && (number - epoch.enabledAt) % epoch.value === 0
  const isRequired = isNotified || isShort || isEpochOver
  return { isRequired, isDue: isRequired || size?.enabledAt === number }
}

interface Setting {
  readonly value: number
  /** Number of the block that set it. */
  readonly enabledAt: number
}

function numberOf(chain: ChainReader, key: string): Setting | undefined {
  const setting = chain.systemConfig(key)
  const value = Number(setting?.value)
  return setting === undefined || !Number.isSafeInteger(value)
    ? undefined
    : { value, enabledAt: setting.enableNumber }
}

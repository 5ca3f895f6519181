import { KEY_COMB, writeKeyComb } from './comb'
/**
 * Combs of the signers that come again and again. A key that has signed twice gets one when it comes for the third time;
 * 1,024 have room (9.5 MB), eight that collide among themselves, and the one not used for longest goes.
 */
import { AFFINE } from './limbs'
import { wordsAreEqual } from './words'

const SETS: u32 = 128
const WAYS: u32 = 8
/** Key (64), whether there is one (4), when it was last used (4), Z of SM2 (32), comb. */
const USED: usize = 64
const STAMP: usize = 68
export const IDENTITY: usize = 72
export const COMB: usize = 104
const SLOT: usize = COMB + KEY_COMB
const SLOTS: usize = memory.data(1024 * (104 + 128 * 72))

/** Good signatures of keys without a comb: a word of the key, and how many. */
const SEEN_KEYS: u32 = 4096
const SEEN: usize = memory.data(8 * 4096)
/** Good signatures after which a key gets a comb at its next. */
const SEEN_ENOUGH: u32 = 2

let now: u32 = 0

function hashOf(key: usize): u32 {
  const mixed = (load<u32>(key) ^ load<u32>(key, 24) ^ load<u32>(key, 44)) * 0x9e3779b1
  return mixed ^ (mixed >> 15)
}

/** The slot of a key (64 bytes), or 0. */
export function findKnown(key: usize): usize {
  const first = SLOTS + (hashOf(key) % SETS) * WAYS * SLOT
  for (let slot = first; slot < first + WAYS * SLOT; slot += SLOT) {
    if (load<u32>(slot, USED) == 0) continue
    if (!wordsAreEqual(slot, key) || !wordsAreEqual(slot + 32, key + 32)) continue
    store<u32>(slot, ++now, STAMP)
    return slot
  }
  return 0
}

/** Whether a key that has no slot has signed often enough to get one. */
export function isFrequent(key: usize): bool {
  const seen = SEEN + (hashOf(key) % SEEN_KEYS) * 8
  return load<u32>(seen) == load<u32>(key, 12) && load<u32>(seen, 4) >= SEEN_ENOUGH
}

/** Counts a good signature. */
export function noteSigner(key: usize): void {
  const seen = SEEN + (hashOf(key) % SEEN_KEYS) * 8
  const isSame = load<u32>(seen) == load<u32>(key, 12)
  store<u32>(seen, isSame ? load<u32>(seen, 4) + 1 : 1, 4)
  store<u32>(seen, load<u32>(key, 12))
}

/** Makes the slot of a key whose affine point is given; whoever calls fills `IDENTITY`. */
export function makeKnown(key: usize, point: usize): usize {
  const first = SLOTS + (hashOf(key) % SETS) * WAYS * SLOT
  let oldest = first
  for (let slot = first; slot < first + WAYS * SLOT; slot += SLOT) {
    if (load<u32>(slot, USED) == 0) {
      oldest = slot
      break
    }
    if (load<u32>(slot, STAMP) - now < load<u32>(oldest, STAMP) - now) oldest = slot
  }
  memory.copy(oldest, key, 64)
  store<u32>(oldest, 1, USED)
  store<u32>(oldest, ++now, STAMP)
  writeKeyComb(oldest + COMB, point)
  return oldest
}

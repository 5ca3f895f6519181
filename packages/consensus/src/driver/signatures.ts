/**
 * Where consensus messages are signed and checked: at the edge, so that the protocol itself handles only good ones.
 * @module
 */
import { type Clock, fromHex } from '@bcos-ts/common'
import type { HashText, NodeId } from '@bcos-ts/protocol'
import type { CryptoSuite, KeyPair } from '@bcos-ts/protocol/ports'
import type { Committee } from '../committee.ts'
import { type Bond, bondOf, boundTimestamp } from '../pbft/bond.ts'
import { encodeSignedFields } from '../pbft/codec.ts'
import type { SignedBody } from '../pbft/messages.ts'
import type { Lock } from '../pbft/state.ts'

export interface SignerInit {
  readonly suite: CryptoSuite
  readonly keys: KeyPair
  readonly clock: Clock
  readonly isVoteBound: boolean
}

export interface Statement {
  readonly height: number
  readonly view: number
  readonly index: number
  readonly hash: HashText
  readonly bond: Bond
  /** The signature over `hash`, when it was made before. */
  readonly signature?: Uint8Array
}

export class Signer {
  readonly #init: SignerInit

  constructor(init: SignerInit) {
    this.#init = init
  }

  get isVoteBound(): boolean {
    return this.#init.isVoteBound
  }

  sign(statement: Statement): SignedBody {
    const { suite, keys, clock, isVoteBound } = this.#init
    const { height, view, index, hash, bond } = statement
    const timestamp = boundTimestamp(clock.nowMs(), isVoteBound ? bond : undefined)
    const fields = encodeSignedFields({ height, view, index, timestamp })
    return {
      height,
      view,
      index,
      timestamp,
      hash,
      signature: statement.signature ?? suite.sign(fromHex(hash), keys),
      signature2: suite.sign(suite.hash(fields), keys),
    }
  }
}

/**
 * Whether both signatures are those of the sealer behind the index (spec 04 §6.3), in the form that signers make. Another
 * that is good too can be made of it without the key, and a node that counts signatures by their bytes (W4) would take it
 * for a second vote.
 */
export function isSignedBy(body: SignedBody, signer: NodeId, suite: CryptoSuite): boolean {
  if (![body.signature, body.signature2].every((one) => suite.isWellFormed(one))) return false
  const key = fromHex(signer)
  if (!suite.verify(body.signature, fromHex(body.hash), key)) return false
  return suite.verify(body.signature2, suite.hash(encodeSignedFields(body)), key)
}

/** Whether a message means what its signer bound it to. Messages of the reference are bound to nothing. */
export function isBoundTo(body: SignedBody, expected: Bond): boolean {
  const bond = bondOf(body.timestamp)
  return bond === undefined || bond === expected
}

/** Whether a lock shows bound signs of a quorum of distinct sealers. */
export function isLockProven(lock: Lock, committee: Committee, suite: CryptoSuite): boolean {
  if (!lock.isProvable) return false
  const signers = new Set(lock.signs.map((sign) => sign.index))
  if (signers.size !== lock.signs.length || signers.size < committee.quorum) return false
  return lock.signs.every((sign) => {
    const signer = committee.sealers[sign.index]
    const isMember = signer !== undefined && committee.working.includes(sign.index)
    return isMember && isSignedBy(sign, signer, suite)
  })
}

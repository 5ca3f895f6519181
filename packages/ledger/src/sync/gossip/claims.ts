import { type Clock, type Logger, LruMap } from '@bcos-ts/common'
import {
  adoptClaims,
  batchOfClaims,
  type CryptoSuite,
  type NodeId,
  type SignatureBatches,
  type SignerClaim,
  type Transaction,
} from '@bcos-ts/protocol'

const PUBLIC_KEY_BYTES = 64
/** Fewer gain nothing by being checked together: their keys are recovered one by one. */
const CLAIMS_MIN = 8
/** Who made a false claim is not believed for so long. */
const DISTRUST_MS = 600_000
const DISTRUSTED_MAX = 1024

/** What a peer says of a transaction. */
export interface Claim extends SignerClaim {
  readonly from: NodeId
  readonly claimant: string
}

export interface ClaimsHost {
  readonly suite: CryptoSuite
  readonly signatures?: SignatureBatches | undefined
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Who answers for a claim: the peer that it came from, and by itself each place of the tree where such packets begin.
 * A lie that an honest peer has passed on costs him nothing but the belief in what he passes on from there.
 */
export function claimantOf(from: NodeId, startIndex: number | undefined): string {
  return `${from}/${startIndex ?? ''}`
}

/**
 * What peers of this implementation say of who signed. To check a signature for a known key costs a fraction of
 * finding the key; a false claim costs that fraction, and its claimant his credit. Nothing is taken from a claim that has
 * not been checked.
 */
export class SignerClaims {
  readonly #host: ClaimsHost
  /** Until when they are not believed. */
  readonly #distrusted = new LruMap<string, number>(DISTRUSTED_MAX)

  constructor(host: ClaimsHost) {
    this.#host = host
  }

  /** Whether claims of this origin are worth a look. Nobody's are where signatures carry their keys. */
  believes(claimant: string): boolean {
    const { suite, signatures, clock } = this.#host
    if (signatures === undefined || suite.name !== 'standard') return false
    const untilMs = this.#distrusted.get(claimant)
    return untilMs === undefined || clock.nowMs() >= untilMs
  }

  /** Gives their senders to transactions whose claim is true, on other threads where there are some. */
  async check(claims: readonly Claim[]): Promise<void> {
    const { signatures } = this.#host
    const believed = this.#believed(claims)
    if (signatures === undefined || believed.length === 0) return
    const batch = batchOfClaims(believed)
    this.#conclude(believed, { ...batch, valid: await signatures.verify(batch) })
  }

  /** The same at once. */
  checkNow(claims: readonly Claim[]): void {
    const { signatures } = this.#host
    const believed = this.#believed(claims)
    if (signatures === undefined || believed.length === 0) return
    const batch = batchOfClaims(believed)
    this.#conclude(believed, { ...batch, valid: signatures.verifyInline(batch) })
  }

  #believed(claims: readonly Claim[]): readonly Claim[] {
    const believed = claims.filter(({ claimant }) => this.believes(claimant))
    return believed.length < CLAIMS_MIN ? [] : believed
  }

  #conclude(
    claims: readonly Claim[],
    verdict: { readonly publicKeys: Uint8Array; readonly valid: Uint8Array },
  ): void {
    for (const { from, claimant } of adoptClaims(claims, verdict, this.#host.suite)) {
      if (!this.believes(claimant)) continue
      this.#distrusted.set(claimant, this.#host.clock.nowMs() + DISTRUST_MS)
      this.#host.logger.warn('a peer names signers who did not sign: not believed for a while', {
        from,
        minutes: DISTRUST_MS / 60_000,
      })
    }
  }
}

/** Who signed, as far as the transactions still know it; `undefined` when none does. */
export function takeSigners(transactions: readonly Transaction[]): Uint8Array | undefined {
  let signers: Uint8Array | undefined
  for (const [i, transaction] of transactions.entries()) {
    const signer = transaction.takeSigner()
    if (signer === undefined) continue
    signers ??= new Uint8Array(PUBLIC_KEY_BYTES * transactions.length)
    signers.set(signer, PUBLIC_KEY_BYTES * i)
  }
  return signers
}

/** The key of one transaction, not copied; `undefined` where it is not known, which is zeros. */
export function signerAt(signers: Uint8Array, index: number): Uint8Array | undefined {
  const signer = signers.subarray(PUBLIC_KEY_BYTES * index, PUBLIC_KEY_BYTES * (index + 1))
  return signer.some((byte) => byte !== 0) ? signer : undefined
}

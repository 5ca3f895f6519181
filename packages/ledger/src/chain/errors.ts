import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type ChainErrorCode = 'LEDGER_NOT_NEXT_BLOCK' | 'LEDGER_OTHER_GENESIS' | 'LEDGER_CORRUPT'

export class ChainError<
  TCode extends ChainErrorCode = ChainErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'ChainError'
}

/** A block that does not stand on the head of the chain. Nothing was written. */
export class NotNextBlockError extends ChainError<
  'LEDGER_NOT_NEXT_BLOCK',
  { readonly number: number; readonly head: number; readonly reason: string }
> {
  constructor(number: number, head: number, reason: string) {
    super('LEDGER_NOT_NEXT_BLOCK', `block ${number} does not follow block ${head}: ${reason}`, {
      details: { number, head, reason },
    })
  }
}

/** The data directory belongs to another chain. */
export class OtherGenesisError extends ChainError<
  'LEDGER_OTHER_GENESIS',
  { readonly stored: string; readonly configured: string }
> {
  constructor(stored: string, configured: string) {
    super(
      'LEDGER_OTHER_GENESIS',
      `the data directory holds the chain with genesis ${stored}, but the genesis file makes ${configured}; ` +
        'restore the genesis file of that chain, or give this node another data directory',
      { details: { stored, configured } },
    )
  }
}

/** Stored data that a chain cannot have. */
export class CorruptChainError extends ChainError<'LEDGER_CORRUPT', { readonly what: string }> {
  constructor(what: string, cause?: unknown) {
    super(
      'LEDGER_CORRUPT',
      `the stored chain is damaged: ${what}; remove the data directory and synchronise again`,
      { details: { what }, cause },
    )
  }
}

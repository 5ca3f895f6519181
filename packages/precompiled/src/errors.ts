import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type PrecompiledErrorCode = 'PRECOMPILED_INVALID_DECLARATION'

export class PrecompiledError<
  TCode extends PrecompiledErrorCode = PrecompiledErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'PrecompiledError'
}

/** A native contract that cannot be offered as it is declared: a signature, a selector or an address. */
export class InvalidDeclarationError extends PrecompiledError<
  'PRECOMPILED_INVALID_DECLARATION',
  { readonly what: string; readonly reason: string }
> {
  constructor(what: string, reason: string) {
    super('PRECOMPILED_INVALID_DECLARATION', `native contract, ${what}: ${reason}`, {
      details: { what, reason },
    })
  }
}

import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type CryptoErrorCode =
  | 'CRYPTO_INVALID_KEY'
  | 'CRYPTO_INVALID_DIGEST'
  | 'CRYPTO_INVALID_LENGTH'

/** Base of every error of this package. */
export class CryptoError<
  TCode extends CryptoErrorCode = CryptoErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name: string = 'CryptoError'
}

/** A secret or public key that is not one of its curve. Never carries key bytes. */
export class InvalidKeyError extends CryptoError<
  'CRYPTO_INVALID_KEY',
  { readonly algorithm: string; readonly reason: string }
> {
  override readonly name = 'InvalidKeyError'
  constructor(algorithm: string, reason: string) {
    super('CRYPTO_INVALID_KEY', `not a usable ${algorithm} key: ${reason}`, {
      details: { algorithm, reason },
    })
  }
}

/** Signatures are made over digests of 32 bytes: hash the message with the suite first. */
export class InvalidDigestError extends CryptoError<
  'CRYPTO_INVALID_DIGEST',
  { readonly length: number }
> {
  override readonly name = 'InvalidDigestError'
  constructor(length: number) {
    super('CRYPTO_INVALID_DIGEST', `a digest has 32 bytes, got ${length}: hash the message first`, {
      details: { length },
    })
  }
}

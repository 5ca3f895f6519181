import { BcosError, type ErrorDetails, isBcosError } from '@bcos-ts/common'

export type CryptoErrorCode =
  | 'CRYPTO_INVALID_KEY'
  | 'CRYPTO_INVALID_DIGEST'
  | 'CRYPTO_INVALID_DER'
  | 'CRYPTO_INVALID_PEM'
  | 'CRYPTO_UNSUPPORTED'
  | 'CRYPTO_WRONG_PASSWORD'
  | 'CRYPTO_CERTIFICATE_CHAIN'
  | 'CRYPTO_CIPHER'

/** Base of every error of this package. */
export class CryptoError<
  TCode extends CryptoErrorCode = CryptoErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name: string = 'CryptoError'
}

/** Whether something thrown is the error of this package with that code. */
export function isCryptoError(error: unknown, code: CryptoErrorCode): error is CryptoError {
  return isBcosError<CryptoError>(error, code)
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

/** Bytes that should have been a key or a certificate in DER. */
export class InvalidDerError extends CryptoError<
  'CRYPTO_INVALID_DER',
  { readonly where: string; readonly reason: string }
> {
  override readonly name = 'InvalidDerError'
  constructor(where: string, reason: string) {
    super('CRYPTO_INVALID_DER', `not a valid ${where}: ${reason}`, { details: { where, reason } })
  }
}

/** Text that should have held a PEM block. */
export class InvalidPemError extends CryptoError<
  'CRYPTO_INVALID_PEM',
  { readonly reason: string }
> {
  override readonly name = 'InvalidPemError'
  constructor(reason: string) {
    super('CRYPTO_INVALID_PEM', `not valid PEM text: ${reason}`, { details: { reason } })
  }
}

/** A well-formed file that asks for an algorithm or a size that is not supported. */
export class UnsupportedError extends CryptoError<
  'CRYPTO_UNSUPPORTED',
  { readonly what: string; readonly value: string }
> {
  override readonly name = 'UnsupportedError'
  constructor(what: string, value: string) {
    super('CRYPTO_UNSUPPORTED', `${what} is not supported: ${value}`, { details: { what, value } })
  }
}

/** The password does not open the file, or the file was changed after it was written. */
export class WrongPasswordError extends CryptoError<
  'CRYPTO_WRONG_PASSWORD',
  { readonly file: string }
> {
  override readonly name = 'WrongPasswordError'
  constructor(file: string) {
    super('CRYPTO_WRONG_PASSWORD', `wrong password for the ${file}, or the file is damaged`, {
      details: { file },
    })
  }
}

/** Key, IV or data that a cipher cannot use; most often the wrong key. */
export class CipherError extends CryptoError<'CRYPTO_CIPHER', { readonly reason: string }> {
  override readonly name = 'CipherError'
  constructor(reason: string) {
    super('CRYPTO_CIPHER', `the cipher cannot go on: ${reason}`, { details: { reason } })
  }
}

/** Why a chain of certificates does not hold. */
export type ChainFailure =
  | 'not-yet-valid'
  | 'expired'
  | 'unknown-issuer'
  | 'bad-signature'
  | 'not-a-ca'
  | 'path-too-long'
  | 'unknown-critical-extension'
  | 'unsupported-algorithm'

/** A certificate that does not lead to a trusted one. `subject` names the certificate at fault. */
export class CertificateChainError extends CryptoError<
  'CRYPTO_CERTIFICATE_CHAIN',
  { readonly reason: ChainFailure; readonly subject: string }
> {
  override readonly name = 'CertificateChainError'
  constructor(reason: ChainFailure, subject: string) {
    super('CRYPTO_CERTIFICATE_CHAIN', `the certificate "${subject}" is not trusted: ${reason}`, {
      details: { reason, subject },
    })
  }
}

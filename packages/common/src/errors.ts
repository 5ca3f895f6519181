const BRAND = Symbol.for('@bcos-ts/error')

/** Details are plain data: they are logged, sent over RPC and compared in tests. */
export type ErrorDetails = Readonly<Record<string, string | number | bigint | boolean | null>>

export interface BcosErrorOptions<TDetails extends ErrorDetails> {
  readonly details: TDetails
  readonly cause?: unknown
}

/**
 * Root of the error hierarchy. `code` is the stable contract; `message` may be reworded at any time.
 *
 * An error is for the caller (bad input, a peer's lie, a full disk). A broken invariant of our own
 * is never an error: use {@link assert}, which crashes the step that found it.
 */
export class BcosError<
  TCode extends string = string,
  TDetails extends ErrorDetails = ErrorDetails,
> extends Error {
  override readonly name: string = 'BcosError'
  readonly code: TCode
  readonly details: TDetails

  constructor(code: TCode, message: string, options: BcosErrorOptions<TDetails>) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/**
 * Prefer this over `instanceof`: it survives two copies of the package in one process.
 * `isBcosError<BlockGapError>(error, 'STORAGE_BLOCK_GAP')` also types the details.
 */
export function isBcosError<TError extends BcosError = BcosError>(
  error: unknown,
  code?: TError['code'],
): error is TError {
  if (typeof error !== 'object' || error === null || !(BRAND in error)) return false
  return code === undefined || ('code' in error && error.code === code)
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Thrown by {@link assert}. Never catch it to carry on. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation'
}

/** For what must hold if our own code is right. Stays on in production. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message)
}

/** Ends a `switch` that names every case: adding a case elsewhere becomes a compile error here. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unreachable case: ${JSON.stringify(value)}`)
}

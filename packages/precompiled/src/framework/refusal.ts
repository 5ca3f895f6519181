import { type ByteText, InvariantViolation, isBcosError } from '@bcos-ts/common'

/** The text of every failure that has none of its own (spec 03 §2.5). */
const UNSPECIFIED_FAILURE = 'PrecompiledError'

/**
 * A contract's way to say no: the call fails with status 21, what it wrote is undone, and the text goes into
 * the receipt as `Error(string)`. It is therefore part of the chain: once released, never change one.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** As bytes, one character each. */
  readonly text: ByteText

  constructor(text: ByteText) {
    super(text)
    this.text = text
  }
}

/** Throws a {@link Refusal}, by default the one without words. */
export function refuse(text: ByteText = UNSPECIFIED_FAILURE): never {
  throw new Refusal(text)
}

/**
 * The text for a receipt of anything that a contract threw. What no other node would meet in the same call
 * is thrown again: a broken invariant, a declaration of ours that does not hold, a failing disk, an exhausted stack. As receipts they would part this
 * node from the chain.
 */
export function textOfFailure(error: unknown): ByteText {
  if (error instanceof Refusal) return error.text
  if (isFatal(error)) throw error
  return UNSPECIFIED_FAILURE
}

function isFatal(error: unknown): boolean {
  if (error instanceof InvariantViolation) return true
  if (isBcosError(error)) return /^(?:STORAGE|PRECOMPILED)_/.test(error.code)
  return error instanceof RangeError && /call stack|memory/i.test(error.message)
}

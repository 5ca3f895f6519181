import { bytesToBigInt } from '@bcos-ts/common'
import { type Address, type CryptoSuite, statusMessage } from '@bcos-ts/protocol'
import { decodeErrorText } from '@bcos-ts/protocol/abi'
import type { FailureReason } from '../errors.ts'
import { bareAddress } from './hex.ts'

const WORD = 32
/** Addresses below this belong to native contracts (spec 03 §1). */
const NATIVE_ADDRESS = /^0{36}[0-9a-f]{4}$/

/**
 * The number in the output of a native contract: the low 32 bits of its first word, signed (spec 03 §17.4).
 * `null` when there is none.
 */
export function codeOf(output: Uint8Array): number | null {
  if (output.length < WORD) return null
  return Number(BigInt.asIntN(32, bytesToBigInt(output.subarray(0, WORD))))
}

/** Why something failed, from what it left behind. */
export function reasonOf(
  { to, status, output }: { to: Address | undefined; status: number; output: Uint8Array },
  suite: CryptoSuite,
): FailureReason {
  const text = decodeErrorText(output, suite)
  const isNative = to !== undefined && NATIVE_ADDRESS.test(bareAddress(to))
  return {
    reason: text ?? statusMessage(status),
    nativeCode: isNative && text === undefined && output.length === WORD ? codeOf(output) : null,
  }
}

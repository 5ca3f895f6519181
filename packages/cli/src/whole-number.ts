import { UsageError } from './errors.ts'

export interface Bounds {
  /** @default 1 */
  readonly min?: number
  /** @default none but that the number is exact */
  readonly max?: number
}

/** The value of an option that counts something. Throws `CLI_USAGE`, which names the bounds. */
export function wholeNumber(option: string, text: string, { min = 1, max }: Bounds = {}): number {
  const value = Number(text)
  const isWithin = value >= min && value <= (max ?? Number.MAX_SAFE_INTEGER)
  if (/^\d+$/.test(text) && isWithin) return value
  const range = max === undefined ? `${min} on` : `${min} to ${max}`
  throw new UsageError(option, `${text} is not a whole number from ${range}`)
}

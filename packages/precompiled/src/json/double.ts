/**
 * `%.17g` of C: how jsoncpp turns a double into text.
 * @module
 */
const DIGITS = 17
/** More decimals than a number half way between two of 17 digits can have. */
const EXACT_DECIMALS = 60
const HALF_WAY_TO_ODD = /^-?[0-9]\.[0-9]{15}[02468]50*$/

/** A finite number with 17 significant digits, without zeros at the end. */
export function formatDouble(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const sign = value < 0 ? '-' : ''
  const { digits, exponent } = roundedDigits(Math.abs(value))
  if (exponent < -4 || exponent >= DIGITS) {
    const power = String(Math.abs(exponent)).padStart(2, '0')
    return `${sign}${withPoint(digits, 1)}e${exponent < 0 ? '-' : '+'}${power}`
  }
  if (exponent < 0) return sign + withPoint('0'.repeat(-exponent) + digits, 1)
  return sign + withPoint(digits, exponent + 1)
}

/** Rounded half to even, as C does; JavaScript rounds a half up. */
function roundedDigits(value: number): { readonly digits: string; readonly exponent: number } {
  const exact = value.toExponential(EXACT_DECIMALS)
  const isHalfWay = HALF_WAY_TO_ODD.test(mantissaOf(exact))
  const text = isHalfWay ? exact : value.toExponential(DIGITS - 1)
  const digits = mantissaOf(text).replace('.', '').slice(0, DIGITS)
  return { digits, exponent: Number(text.slice(text.indexOf('e') + 1)) }
}

function mantissaOf(text: string): string {
  return text.slice(0, text.indexOf('e'))
}

function withPoint(digits: string, integers: number): string {
  const decimals = digits.slice(integers).replace(/0+$/, '')
  return decimals === '' ? digits.slice(0, integers) : `${digits.slice(0, integers)}.${decimals}`
}

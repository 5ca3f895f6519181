/**
 * `SEQUENCE { INTEGER r, INTEGER s }`, the form in which OpenSSL and certificates write ECDSA and SM2
 * signatures (SEC 1 §C.5, GB/T 35276-2017 §7.3), from and to r || s of 64 bytes.
 * @module
 */

function integerOf(value: Uint8Array): Uint8Array {
  let start = 0
  while (start < value.length - 1 && value[start] === 0) start++
  // A set top bit would read as a negative number: one zero byte goes in front.
  const pad = (value[start] ?? 0) >= 0x80 ? 1 : 0
  const encoded = new Uint8Array(2 + pad + value.length - start)
  encoded[0] = 0x02
  encoded[1] = encoded.length - 2
  encoded.set(value.subarray(start), 2 + pad)
  return encoded
}

/** DER of r || s (64 bytes). */
export function signatureToDer(signature: Uint8Array): Uint8Array {
  const r = integerOf(signature.subarray(0, 32))
  const s = integerOf(signature.subarray(32, 64))
  const der = new Uint8Array(2 + r.length + s.length)
  der[0] = 0x30
  der[1] = r.length + s.length
  der.set(r, 2)
  der.set(s, 2 + r.length)
  return der
}

/** Copies the INTEGER at `at` into 32 bytes and returns where it ends, or -1 when it is not a short DER integer. */
function readInteger(der: Uint8Array, at: number, target: Uint8Array): number {
  const length = der[at + 1] ?? 0
  if (der[at] !== 0x02 || length === 0 || length > 33) return -1
  let start = at + 2
  const end = start + length
  const first = der[start] ?? 0x80
  if (end > der.length || first >= 0x80) return -1
  if (first === 0 && length > 1) {
    if ((der[start + 1] ?? 0) < 0x80) return -1
    start++
  }
  if (end - start > 32) return -1
  target.set(der.subarray(start, end), 32 - (end - start))
  return end
}

/** r || s of strict DER with values below 2^256; `undefined` for anything else. */
export function signatureFromDer(der: Uint8Array): Uint8Array | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined
  const signature = new Uint8Array(64)
  const middle = readInteger(der, 2, signature.subarray(0, 32))
  if (middle < 0) return undefined
  const end = readInteger(der, middle, signature.subarray(32))
  return end === der.length ? signature : undefined
}

/** Identifier octets of ASN.1 types (X.690 §8.1.2) as they occur in keys and certificates. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** `[n]` around other elements. */
export function contextTag(n: number): number {
  return 0xa0 | n
}

/** `[n]` in place of a primitive type's own tag. */
export function implicitTag(n: number): number {
  return 0x80 | n
}

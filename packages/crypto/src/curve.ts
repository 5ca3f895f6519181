import { OID } from './der/oid.ts'
import { InvalidKeyError } from './errors.ts'
import { isSecp256k1PublicKey, portableEcdsa } from './secp256k1.ts'
import { portableSm2, sm2PointOf } from './sm2.ts'
import type { SuiteName } from './suite.ts'

/** The two curves on which keys of a chain lie. */
export type Curve = 'secp256k1' | 'sm2'

/** The curve of a suite's account and node keys. */
export function curveOf(suite: SuiteName): Curve {
  return suite === 'standard' ? 'secp256k1' : 'sm2'
}

export function curveOid(curve: Curve): string {
  return OID[curve]
}

export function curveOfOid(oid: string): Curve | undefined {
  if (oid === OID.secp256k1) return 'secp256k1'
  return oid === OID.sm2 ? 'sm2' : undefined
}

/** X || Y of a secret key. Throws `CRYPTO_INVALID_KEY`. */
export function publicKeyOf(curve: Curve, secretKey: Uint8Array): Uint8Array {
  return curve === 'secp256k1'
    ? portableEcdsa.publicKey(secretKey)
    : portableSm2.publicKey(secretKey)
}

/** Throws `CRYPTO_INVALID_KEY` unless X || Y is a point of the curve. */
export function assertPublicKey(curve: Curve, publicKey: Uint8Array): void {
  const isPoint =
    curve === 'secp256k1' ? isSecp256k1PublicKey(publicKey) : sm2PointOf(publicKey) !== undefined
  if (!isPoint) throw new InvalidKeyError(curve, 'the public key is not a point of the curve')
}

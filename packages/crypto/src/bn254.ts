/**
 * The pairing-friendly curve alt_bn128 (bn254) as contracts reach it at addresses 6, 7 and 8: addition and
 * multiplication (EIP-196), pairing (EIP-197). Inputs are those of the contracts; `undefined` is their failure, which
 * takes all gas.
 * @module
 */
import { bigIntToBytes, bytesToBigInt, concatBytes } from '@bcos-ts/common'
import { bn254 } from '@noble/curves/bn254.js'

const WORD = 32
const G1_BYTES = 2 * WORD
const PAIR_BYTES = 6 * WORD

type G1Point = ReturnType<typeof bn254.G1.Point.fromAffine>
type G2Point = ReturnType<typeof bn254.G2.Point.fromAffine>

/** The integer of 32 bytes at `at`; what is missing at the end counts as zeros. */
function wordAt(input: Uint8Array, at: number): bigint {
  const word = new Uint8Array(WORD)
  word.set(input.subarray(at, at + WORD))
  return bytesToBigInt(word)
}

/** A coordinate, which must be below the field's modulus. */
function isCoordinate(value: bigint): boolean {
  return value < bn254.fields.Fp.ORDER
}

/** A point of G1, (0, 0) being infinity, or `undefined` when it is not on the curve. */
function readG1(input: Uint8Array, at: number): G1Point | undefined {
  const x = wordAt(input, at)
  const y = wordAt(input, at + WORD)
  if (x === 0n && y === 0n) return bn254.G1.Point.ZERO
  if (!isCoordinate(x) || !isCoordinate(y)) return undefined
  try {
    const point = bn254.G1.Point.fromAffine({ x, y })
    point.assertValidity()
    return point
  } catch {
    return undefined
  }
}

/** A point of G2, imaginary parts first; it has to be in the subgroup, not only on the curve. */
function readG2(input: Uint8Array, at: number): G2Point | undefined {
  const parts = [0, 1, 2, 3].map((i) => wordAt(input, at + WORD * i))
  const [xImaginary = 0n, xReal = 0n, yImaginary = 0n, yReal = 0n] = parts
  if (parts.every((part) => part === 0n)) return bn254.G2.Point.ZERO
  if (!parts.every(isCoordinate)) return undefined
  try {
    const point = bn254.G2.Point.fromAffine({
      x: { c0: xReal, c1: xImaginary },
      y: { c0: yReal, c1: yImaginary },
    })
    // On the curve and in the subgroup of the right order.
    point.assertValidity()
    return point
  } catch {
    return undefined
  }
}

function writeG1(point: G1Point): Uint8Array {
  if (point.is0()) return new Uint8Array(G1_BYTES)
  const { x, y } = point.toAffine()
  return concatBytes(bigIntToBytes(x, WORD), bigIntToBytes(y, WORD))
}

/** Sum of two points (address 6). Input is cut or filled with zeros to 128 bytes; output has 64. */
export function bn254Add(input: Uint8Array): Uint8Array | undefined {
  const a = readG1(input, 0)
  const b = readG1(input, G1_BYTES)
  return a && b && writeG1(a.add(b))
}

/** A point times an integer (address 7). Input is cut or filled with zeros to 96 bytes; output has 64. */
export function bn254Multiply(input: Uint8Array): Uint8Array | undefined {
  const point = readG1(input, 0)
  const scalar = wordAt(input, G1_BYTES) % bn254.fields.Fr.ORDER
  return point && writeG1(point.multiplyUnsafe(scalar))
}

/**
 * Whether the product of the pairings is one (address 8), as an integer of 32 bytes. Input is any number of pairs of 192
 * bytes, none included.
 */
export function bn254Pairing(input: Uint8Array): Uint8Array | undefined {
  if (input.length % PAIR_BYTES !== 0) return undefined
  const pairs: { g1: G1Point; g2: G2Point }[] = []
  for (let at = 0; at < input.length; at += PAIR_BYTES) {
    const g1 = readG1(input, at)
    const g2 = readG2(input, at + G1_BYTES)
    if (g1 === undefined || g2 === undefined) return undefined
    // Pairing with infinity is one: nothing to multiply with.
    if (!g1.is0() && !g2.is0()) pairs.push({ g1, g2 })
  }
  const { Fp12 } = bn254.fields
  const isOne = pairs.length === 0 || Fp12.eql(bn254.pairingBatch(pairs), Fp12.ONE)
  return bigIntToBytes(isOne ? 1n : 0n, WORD)
}

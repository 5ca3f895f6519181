import { bigIntToBytes, bytesToBigInt, concatBytes, EMPTY_BYTES } from '@bcos-ts/common'
import type { Address } from '@bcos-ts/protocol'
import type { EthereumContracts } from '@bcos-ts/protocol/ports'

/** The mathematics behind the contracts; `undefined` where the input is not acceptable. */
export interface EthereumCrypto {
  readonly keccak256: (message: Uint8Array) => Uint8Array
  readonly sha256: (message: Uint8Array) => Uint8Array
  readonly ripemd160: (message: Uint8Array) => Uint8Array
  /** Public key (64 bytes) of a secp256k1 signature r || s || v of 65 bytes. */
  readonly recoverSecp256k1: (signature: Uint8Array, digest: Uint8Array) => Uint8Array | undefined
  readonly bn254Add: (input: Uint8Array) => Uint8Array | undefined
  readonly bn254Mul: (input: Uint8Array) => Uint8Array | undefined
  readonly bn254Pairing: (input: Uint8Array) => Uint8Array | undefined
  /** EIP-152, 213 bytes. */
  readonly blake2F: (input: Uint8Array) => Uint8Array | undefined
}

interface EthereumContract {
  readonly gas: (input: Uint8Array) => bigint
  readonly run: (input: Uint8Array) => Uint8Array | undefined
}

const WORD = 32
const PAIR_BYTES = 192
const BLAKE2_BYTES = 213

const words = (input: Uint8Array): bigint => BigInt(Math.ceil(input.length / WORD))

/** Bytes `[from, from + length)` with zeros where the input has ended. */
function slice(input: Uint8Array, from: number, length: number): Uint8Array {
  const part = new Uint8Array(length)
  part.set(input.subarray(Math.min(from, input.length), Math.min(from + length, input.length)))
  return part
}

const wordAt = (input: Uint8Array, index: number): bigint =>
  bytesToBigInt(slice(input, WORD * index, WORD))

const leftPadded = (bytes: Uint8Array): Uint8Array =>
  concatBytes(new Uint8Array(WORD - bytes.length), bytes)

/** A signature that is not good gives an empty answer, not a failure. */
function recover(crypto: EthereumCrypto): EthereumContract['run'] {
  return (input) => {
    const v = wordAt(input, 1)
    if (v !== 27n && v !== 28n) return EMPTY_BYTES
    const signature = concatBytes(slice(input, 64, 64), Uint8Array.of(Number(v - 27n)))
    const key = crypto.recoverSecp256k1(signature, slice(input, 0, WORD))
    return key === undefined ? EMPTY_BYTES : leftPadded(crypto.keccak256(key).subarray(12))
  }
}

interface ModexpInput {
  readonly baseLength: bigint
  readonly exponentLength: bigint
  readonly modulusLength: bigint
}

const modexpLengths = (input: Uint8Array): ModexpInput => ({
  baseLength: wordAt(input, 0),
  exponentLength: wordAt(input, 1),
  modulusLength: wordAt(input, 2),
})

function multiplicationComplexity(x: bigint): bigint {
  if (x <= 64n) return x * x
  if (x <= 1024n) return (x * x) / 4n + 96n * x - 3072n
  return (x * x) / 16n + 480n * x - 199_680n
}

const bitLength = (value: bigint): bigint => (value === 0n ? 0n : BigInt(value.toString(2).length))

/** EIP-198. */
function modexpGas(input: Uint8Array): bigint {
  const { baseLength, exponentLength, modulusLength } = modexpLengths(input)
  const headLength = exponentLength < 32n ? exponentLength : 32n
  const isBeyond = baseLength > BigInt(input.length)
  const head = isBeyond
    ? 0n
    : bytesToBigInt(slice(input, 96 + Number(baseLength), Number(headLength)))
  const headBits = head === 0n ? 0n : bitLength(head) - 1n
  const adjusted = exponentLength <= 32n ? headBits : 8n * (exponentLength - 32n) + headBits
  const larger = baseLength > modulusLength ? baseLength : modulusLength
  return (multiplicationComplexity(larger) * (adjusted > 1n ? adjusted : 1n)) / 20n
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/** The price has bounded the lengths before this runs. */
function modexp(input: Uint8Array): Uint8Array {
  const lengths = modexpLengths(input)
  const modulusLength = Number(lengths.modulusLength)
  if (modulusLength === 0 && lengths.baseLength === 0n) return EMPTY_BYTES
  const baseLength = Number(lengths.baseLength)
  const exponentLength = Number(lengths.exponentLength)
  const base = bytesToBigInt(slice(input, 96, baseLength))
  const exponent = bytesToBigInt(slice(input, 96 + baseLength, exponentLength))
  const modulus = bytesToBigInt(slice(input, 96 + baseLength + exponentLength, modulusLength))
  return bigIntToBytes(modulus === 0n ? 0n : power(base, exponent, modulus), modulusLength)
}

function contracts(crypto: EthereumCrypto): readonly EthereumContract[] {
  return [
    { gas: () => 3000n, run: recover(crypto) },
    { gas: (input) => 60n + 12n * words(input), run: crypto.sha256 },
    {
      gas: (input) => 600n + 120n * words(input),
      run: (input) => leftPadded(crypto.ripemd160(input)),
    },
    { gas: (input) => 15n + 3n * words(input), run: (input) => input.slice() },
    { gas: modexpGas, run: modexp },
    { gas: () => 150n, run: (input) => crypto.bn254Add(slice(input, 0, 128)) },
    { gas: () => 6000n, run: (input) => crypto.bn254Mul(slice(input, 0, 96)) },
    {
      gas: (input) => 45_000n + 34_000n * BigInt(Math.floor(input.length / PAIR_BYTES)),
      run: (input) => (input.length % PAIR_BYTES === 0 ? crypto.bn254Pairing(input) : undefined),
    },
    {
      gas: (input) => bytesToBigInt(slice(input, 0, 4)),
      run: (input) => (input.length === BLAKE2_BYTES ? crypto.blake2F(input) : undefined),
    },
  ]
}

/** ecrecover, sha256, ripemd160, identity, modexp, alt_bn128 add, mul and pairing, blake2 F. */
export function ethereumContracts(crypto: EthereumCrypto): EthereumContracts {
  const byAddress = new Map<Address, EthereumContract>(
    contracts(crypto).map((one, index) => [String(index + 1).padStart(40, '0'), one]),
  )
  return {
    has: (address) => byAddress.has(address),
    gas: (address, input) => byAddress.get(address)?.gas(input) ?? 0n,
    run: (address, input) => byAddress.get(address)?.run(input),
  }
}

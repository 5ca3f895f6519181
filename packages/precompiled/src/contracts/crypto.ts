/**
 * Crypto 0x5006 (spec 03 §3.13): hashes and checks of either suite, on every chain.
 * @module
 */
import { bytesToBigInt, concatBytes, toHex } from '@bcos-ts/common'
import { ZERO_ADDRESS } from '@bcos-ts/protocol'
import { native, type NativeContract } from '../framework/declaration.ts'
import { claimOf, type NativeCrypto } from '../native-crypto.ts'

/** The code of an unknown function as 32 bits without a sign: so it was written, and so it stays. */
const UNKNOWN_FUNCTION = 4_294_917_195
const PUBLIC_KEY_BYTES = 64

export function cryptoContract(crypto: NativeCrypto): NativeContract {
  return {
    name: 'Crypto',
    address: 0x5006,
    summary: 'Hashes and checks of either suite, on every chain.',
    memory: 'calldata',
    unknown: UNKNOWN_FUNCTION,
    functions: [
      native('sm3(bytes data) view returns (bytes32)', {
        run: (_call, data) => crypto.sm3(data),
      }),
      native('keccak256Hash(bytes data) view returns (bytes32)', {
        run: (_call, data) => crypto.keccak256(data),
      }),
      native(
        'sm2Verify(bytes32 message, bytes publicKey, bytes32 r, bytes32 s) view returns (bool, address)',
        {
          run(_call, ...[message, publicKey, r, s]) {
            const isGood =
              publicKey.length === PUBLIC_KEY_BYTES &&
              crypto.verifySm2(concatBytes(r, s), message, publicKey)
            return [
              isGood,
              isGood ? toHex(crypto.sm3(publicKey).subarray(12)) : ZERO_ADDRESS,
            ] as const
          },
        },
      ),
      native(
        'curve25519VRFVerify(string input, string publicKey, string proof) view returns (bool, uint256)',
        {
          run(_call, input, publicKey, proof) {
            const claim = claimOf({ input, publicKey, proof })
            const random = claim && crypto.verifyVrf(claim)
            if (random === undefined) return [false, 0n] as const
            return [true, bytesToBigInt(random)] as const
          },
        },
      ),
    ],
  }
}

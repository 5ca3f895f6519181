import { ripemd160, sha256, standardSuite } from '@bcos-ts/crypto'
import { blake2F, decodeBlake2FInput } from '@bcos-ts/crypto/blake2f'
import { bn254Add, bn254Multiply, bn254Pairing } from '@bcos-ts/crypto/bn254'
import { ethereumContracts } from '@bcos-ts/evm-adapter'
import type { EthereumContracts } from '@bcos-ts/protocol/ports'

/** The contracts at 1 to 9, as a node makes them. */
export const ETHEREUM_CONTRACTS: EthereumContracts = ethereumContracts({
  keccak256: standardSuite.hash,
  sha256,
  ripemd160,
  recoverSecp256k1: (signature, digest) => standardSuite.recover(signature, digest),
  bn254Add,
  bn254Mul: bn254Multiply,
  bn254Pairing,
  blake2F: (input) => {
    const decoded = decodeBlake2FInput(input)
    return decoded === undefined ? undefined : blake2F(decoded)
  },
})

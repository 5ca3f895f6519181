import { concatBytes } from '@bcos-ts/common'
import { ripemd160, sha256, sm3 } from '@bcos-ts/crypto'
import { blake2F, decodeBlake2FInput } from '@bcos-ts/crypto/blake2f'
import { bn254Add, bn254Multiply, bn254Pairing } from '@bcos-ts/crypto/bn254'
import type { NodeSuites } from '@bcos-ts/crypto/node'
import { vrfProofToHash, vrfVerify } from '@bcos-ts/crypto/vrf'
import { type EthereumCrypto, ethereumContracts } from '@bcos-ts/evm-adapter'
import { builtInContracts, createNativeContracts, type NativeContract } from '@bcos-ts/precompiled'
import type { EthereumContracts, NativeContracts } from '@bcos-ts/protocol/ports'

/** The contracts that are part of a chain itself. */
export interface ChainContracts {
  readonly native: NativeContracts
  readonly ethereum: EthereumContracts
  /**
   * Module with which threads offer the same contracts: it calls `serveLane`. Without it blocks are executed in one
   * thread.
   */
  readonly laneEntry?: URL
}

/** For a chain without contracts of its own. */
const PLAIN_LANE: URL = new URL('./lanes/lane-thread.js', import.meta.url)

/** The contracts of a 2.9 chain, and the chain's own at 0x5001 to 0xffff. */
export function chainContracts(
  suites: NodeSuites,
  extensions: readonly NativeContract[] = [],
  laneEntry: URL | undefined = extensions.length === 0 ? PLAIN_LANE : undefined,
): ChainContracts {
  const builtIn = builtInContracts({
    keccak256: suites.standard.hash,
    sm3,
    verifySm2: (signature, message, publicKey) =>
      suites.guomi.verify(concatBytes(signature, publicKey), message, publicKey),
    verifyVrf: ({ publicKey, input, proof }) =>
      vrfVerify(publicKey, input, proof) ? vrfProofToHash(proof) : undefined,
  })
  return {
    native: createNativeContracts({ builtIn, extensions }),
    ethereum: ethereumContracts(ethereumCrypto(suites)),
    ...(laneEntry !== undefined && { laneEntry }),
  }
}

/** Of every chain, guomi ones too: Ethereum's contracts keep Ethereum's cryptography (spec 01 §3.2). */
function ethereumCrypto(suites: NodeSuites): EthereumCrypto {
  return {
    keccak256: suites.standard.hash,
    sha256,
    ripemd160,
    recoverSecp256k1: (signature, digest) => suites.standard.recover(signature, digest),
    bn254Add,
    bn254Mul: bn254Multiply,
    bn254Pairing,
    blake2F: (input) => {
      const decoded = decodeBlake2FInput(input)
      return decoded === undefined ? undefined : blake2F(decoded)
    },
  }
}

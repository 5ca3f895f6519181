import { type NativeUser, NativeAddress, NativeContract } from './native-contract.ts'

/** Cryptography that contracts use, asked from outside: `Crypto` (spec 03 §3.13). */
export class CryptoService {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.crypto)
  }

  /** `0x` text of 32 bytes, on a chain of either suite. */
  async sm3(data: Uint8Array): Promise<string> {
    return this.#hash('sm3(bytes)', data)
  }

  async keccak256Hash(data: Uint8Array): Promise<string> {
    return this.#hash('keccak256Hash(bytes)', data)
  }

  /** The account whose key signed, `0x` text; `undefined` when the signature is not good. */
  async sm2Verify(signed: {
    /** 32 bytes, the message of the scheme. */
    readonly hash: Uint8Array
    /** X || Y, 64 bytes. */
    readonly publicKey: Uint8Array
    readonly r: Uint8Array
    readonly s: Uint8Array
  }): Promise<string | undefined> {
    const [isGood, account] = await this.#contract.read({
      signature: 'sm2Verify(bytes32,bytes,bytes32,bytes32)',
      values: [signed.hash, signed.publicKey, signed.r, signed.s],
      outputs: ['bool', 'address'],
    })
    return isGood === true ? String(account) : undefined
  }

  /** The random number of a proof; `undefined` when the proof is not good. All three are text. */
  async curve25519VRFVerify(
    input: string,
    publicKey: string,
    proof: string,
  ): Promise<bigint | undefined> {
    const [isGood, random] = await this.#contract.read({
      signature: 'curve25519VRFVerify(string,string,string)',
      values: [input, publicKey, proof],
      outputs: ['bool', 'uint256'],
    })
    return isGood === true && typeof random === 'bigint' ? random : undefined
  }

  async #hash(signature: string, data: Uint8Array): Promise<string> {
    const [hash] = await this.#contract.read({ signature, values: [data], outputs: ['bytes32'] })
    return String(hash)
  }
}

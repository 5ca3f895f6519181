/** The part of sm-crypto that tests compare with; the package ships no declarations. */
declare module 'sm-crypto' {
  interface Sm2Options {
    readonly hash?: boolean
    readonly der?: boolean
    readonly publicKey?: string
    readonly userId?: string
  }
  export const sm2: {
    /** Keys and signatures are hexadecimal; public keys start with `04`. */
    getPublicKeyFromPrivateKey(secretKey: string): string
    doSignature(message: readonly number[], secretKey: string, options?: Sm2Options): string
    doVerifySignature(
      message: readonly number[],
      signature: string,
      publicKey: string,
      options?: Sm2Options,
    ): boolean
  }
  export function sm3(message: readonly number[] | string): string
  interface Sm4Options {
    readonly mode?: 'cbc'
    readonly iv?: string
    readonly padding?: 'pkcs#7' | 'none'
    readonly output?: 'array'
  }
  export const sm4: {
    encrypt(message: readonly number[], key: string, options: Sm4Options): number[]
    decrypt(message: readonly number[], key: string, options: Sm4Options): number[]
  }
}

/** The curve that a module is for; building `sm2.ts` puts `curve-sm2.ts` in the place of this file. */
export * from './curve-secp256k1'

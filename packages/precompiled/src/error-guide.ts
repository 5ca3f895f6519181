import type { ErrorGuide } from '@bcos-ts/common'
import type { PrecompiledErrorCode } from './errors.ts'

export const precompiledErrorGuide: Readonly<Record<PrecompiledErrorCode, ErrorGuide>> = {
  PRECOMPILED_INVALID_DECLARATION: {
    cause:
      'A native contract in TypeScript cannot be offered as it is declared: a signature that cannot be read, a type that is not known, two functions of one selector, or an address that is taken.',
    evidence:
      'Thrown when the contracts of a node are put together, before it starts; the contract is named.',
    remedy: 'Correct the signature or the address that the message names.',
  },
}

import type { Address } from '@bcos-ts/protocol'

/** The form in which the chain names the address of a native contract: `0x1000` as 40 hex digits. */
export function nativeAddress(address: number): Address {
  return address.toString(16).padStart(40, '0')
}

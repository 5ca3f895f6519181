import type { Address } from '@bcos-ts/protocol'

/** `0x` and the fewest digits. */
export function quantity(value: number | bigint): string {
  return `0x${value.toString(16)}`
}

/** The address as requests write it; with or without `0x` is taken. */
export function address0x(address: Address): string {
  return `0x${bareAddress(address)}`
}

/** The address as the packages of bcos-ts write it: 40 lower-case digits. */
export function bareAddress(address: string): Address {
  return address.replace(/^0x/, '').toLowerCase()
}

/** The hash as requests write it. */
export function hash0x(hash: string): string {
  return hash.startsWith('0x') ? hash : `0x${hash}`
}

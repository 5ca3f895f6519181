import type { GasSchedule } from '@bcos-ts/evm-adapter'
import type { EthereumContracts } from '@bcos-ts/protocol/ports'

/**
 * Prices of Ethereum's Constantinople with its fix (Petersburg): there, as on a BCOS chain, an SSTORE is priced by the present
 * value alone, so that gas can be compared to the last unit. What a BCOS chain prices otherwise: BALANCE and EXTCODEHASH
 * (700), an unchanged slot (800), the 2300 that SSTORE wants to see left, calls with a value to new accounts (no surcharge).
 */
export const CONSTANTINOPLE_GAS: GasSchedule = {
  balance: 400,
  extcodehash: 400,
  sload: 200,
  sstoreSet: 20_000,
  sstoreReset: 5000,
  sstoreUnchanged: 5000,
  sstoreSentry: 0,
  create: 32_000,
  callValue: 9000,
  callStipend: 2300,
  callNewAccount: 25_000,
  destroyNewAccount: 25_000,
}

const last = (address: string): string => address.slice(-2)

/** Contracts at 1 to 8 with the prices of that time; there was no ninth. */
export function constantinopleContracts(contracts: EthereumContracts): EthereumContracts {
  const isThere = (address: string): boolean => contracts.has(address) && last(address) !== '09'
  return {
    has: isThere,
    gas: (address, input) => {
      if (last(address) === '06') return 500n
      if (last(address) === '07') return 40_000n
      if (last(address) !== '08') return contracts.gas(address, input)
      return 100_000n + 80_000n * BigInt(Math.floor(input.length / 192))
    },
    run: (address, input) => contracts.run(address, input),
  }
}

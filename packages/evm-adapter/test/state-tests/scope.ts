import { fromHex } from '@bcos-ts/common'
import { type Expectation, plainHex, type StateTest, type StateTestResult } from './state-test.ts'

const PUSH1 = 0x60
const PUSH32 = 0x7f
/** Undefined before Istanbul. */
const CHAINID = 0x46
const SELFBALANCE = 0x47
const COINBASE = 0x41
const DIFFICULTY = 0x44
const GAS_MAX = 2n ** 53n
const RIPEMD160 = '3'.padStart(40, '0')

/** Why a case cannot be run on a BCOS chain's machine; `undefined` when it can. */
export function outOfScope(test: StateTest, { indexes }: Expectation): string | undefined {
  const { transaction } = test
  if (BigInt(transaction.gasLimit[indexes.gas]!) > GAS_MAX) {
    return 'it has more gas than a frame counts, 2^53'
  }
  if (Object.keys(test.pre).some((address) => plainHex(address) === RIPEMD160)) {
    return 'it is about the contract at 3, whose touch outlived a failure once in the history of Ethereum'
  }
  const codes = [
    ...Object.values(test.pre).map(({ code }) => code),
    transaction.data[indexes.data] ?? '',
  ].map((code) => opcodesOf(fromHex(plainHex(code))))
  const has = (...opcodes: readonly number[]): boolean =>
    codes.some((code) => opcodes.some((opcode) => code.has(opcode)))
  if (has(COINBASE, DIFFICULTY)) return 'its code has COINBASE or DIFFICULTY, 0 on a BCOS chain'
  if (has(CHAINID, SELFBALANCE)) return 'its code has CHAINID or SELFBALANCE of Istanbul'
  return undefined
}

/** What shows only when a case has run. */
export function provedOutOfScope({ createdOverStorage }: StateTestResult): string | undefined {
  return createdOverStorage
    ? 'a creation meets storage of an account without code, which no chain can have'
    : undefined
}

function opcodesOf(code: Uint8Array): ReadonlySet<number> {
  const found = new Set<number>()
  for (let place = 0; place < code.length; place++) {
    const byte = code[place]!
    found.add(byte)
    if (byte >= PUSH1 && byte <= PUSH32) place += byte - PUSH1 + 1
  }
  return found
}

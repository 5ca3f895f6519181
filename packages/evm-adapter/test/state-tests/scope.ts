import { fromHex } from '@bcos-ts/common'
import { type Expectation, plainHex, type StateTest } from './state-test.ts'

const PUSH1 = 0x60
const PUSH32 = 0x7f
const COINBASE = 0x41
const DIFFICULTY = 0x44

/** Why a case cannot be run on a BCOS chain's machine; `undefined` when it can. */
export function outOfScope(test: StateTest, { indexes }: Expectation): string | undefined {
  const codes = [
    ...Object.values(test.pre).map(({ code }) => code),
    test.transaction.data[indexes.data] ?? '',
  ].map((code) => fromHex(plainHex(code)))
  if (codes.some((code) => opcodesOf(code).has(COINBASE) || opcodesOf(code).has(DIFFICULTY))) {
    return 'its code has COINBASE or DIFFICULTY, which are 0 on a BCOS chain'
  }
  return undefined
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

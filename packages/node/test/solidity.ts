/** Contracts for tests and benches, compiled where they are used. */
import { createRequire } from 'node:module'
import { fromHex } from '@bcos-ts/common'

interface CompilerOutput {
  readonly contracts: {
    readonly 'bench.sol': Readonly<
      Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>
    >
  }
}

const require = createRequire(import.meta.url)
const solc: { compile(input: string): string } = require('solc')

/** Init code of each contract, by its name. */
export function compiled(source: string): ReadonlyMap<string, Uint8Array> {
  const settings = {
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
  }
  const input = { language: 'Solidity', sources: { 'bench.sol': { content: source } }, settings }
  const output: CompilerOutput = JSON.parse(solc.compile(JSON.stringify(input)))
  return new Map(
    Object.entries(output.contracts['bench.sol']).map(([name, { evm }]) => [
      name,
      fromHex(evm.bytecode.object),
    ]),
  )
}

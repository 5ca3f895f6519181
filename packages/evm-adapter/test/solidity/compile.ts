import { createRequire } from 'node:module'
import { fromHex } from '@bcos-ts/common'

const require = createRequire(import.meta.url)

/** The compilers of a release line, and the machine they are told to compile for. */
export const COMPILERS = {
  '0.4.25': { load: (): Solc => require('solc-0.4'), evmVersion: 'byzantium' },
  '0.5.2': { load: (): Solc => require('solc-0.5'), evmVersion: 'constantinople' },
  '0.6.10': { load: (): Solc => require('solc'), evmVersion: 'istanbul' },
  '0.8.19': { load: (): Solc => require('solc-0.8'), evmVersion: 'istanbul' },
} as const

export type Compiler = keyof typeof COMPILERS

interface Solc {
  readonly compile: (input: string) => string
  /** In 0.4, whose `compile` wants something else. */
  readonly compileStandardWrapper?: (input: string) => string
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>>
    >
  >
}

/** Creation code of every contract of a source, by name. */
export function compile(
  source: string,
  compiler: Compiler,
  isOptimized = true,
): ReadonlyMap<string, Uint8Array> {
  const { load, evmVersion } = COMPILERS[compiler]
  const solc = load()
  const input = {
    language: 'Solidity',
    sources: { 'a.sol': { content: source } },
    settings: {
      evmVersion,
      optimizer: { enabled: isOptimized, runs: 200 },
      outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
    },
  }
  const output: Output = JSON.parse(
    (solc.compileStandardWrapper ?? solc.compile)(JSON.stringify(input)),
  )
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map((one) => one.formattedMessage).join('\n'))
  return new Map(
    Object.entries(output.contracts?.['a.sol'] ?? {}).map(([name, { evm }]) => [
      name,
      fromHex(evm.bytecode.object),
    ]),
  )
}

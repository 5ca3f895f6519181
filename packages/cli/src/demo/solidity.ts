import { createRequire } from 'node:module'
import { fromHex } from '@bcos-ts/common'
import { type AbiItem } from '@bcos-ts/protocol/abi'

export interface CompiledContract {
  readonly abi: readonly AbiItem[]
  readonly code: Uint8Array
}

interface Compiler {
  compile(input: string): string
  version(): string
}

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly abi: readonly AbiItem[]
            readonly evm: { readonly bytecode: { readonly object: string } }
          }
        >
      >
    >
  >
}

/** Loaded on first use: the compiler is some megabytes of code. It leaves handlers on the process; they are taken off. */
function loadCompiler(): Compiler {
  const before = process.listeners('uncaughtException')
  const rejected = process.listeners('unhandledRejection')
  const compiler: Compiler = createRequire(import.meta.url)('solc')
  for (const listener of process.listeners('uncaughtException')) {
    if (!before.includes(listener)) process.removeListener('uncaughtException', listener)
  }
  for (const listener of process.listeners('unhandledRejection')) {
    if (!rejected.includes(listener)) process.removeListener('unhandledRejection', listener)
  }
  return compiler
}

/** Compiles one contract of a source text. Throws an error with the compiler's own messages. */
export function compileSolidity(source: string, name: string): CompiledContract {
  const input = {
    language: 'Solidity',
    sources: { 'source.sol': { content: source } },
    settings: {
      evmVersion: 'istanbul',
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const output: CompilerOutput = JSON.parse(loadCompiler().compile(JSON.stringify(input)))
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  const contract = output.contracts?.['source.sol']?.[name]
  if (contract === undefined || errors.length > 0) {
    throw new Error(
      errors.map(({ formattedMessage }) => formattedMessage).join('\n') || `no contract ${name}`,
    )
  }
  return { abi: contract.abi, code: fromHex(contract.evm.bytecode.object) }
}

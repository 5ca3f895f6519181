import { fromHex } from '@bcos-ts/common'
import type { SuiteName } from '@bcos-ts/crypto'
import type { AbiItem } from '@bcos-ts/protocol/abi'
import semver from 'semver'
import { type CompilerChoice, COMPILERS, loadCompiler } from './compilers.ts'
import { CompilationError, NoCompilerError, SourceNotFoundError } from './errors.ts'
import { withSm3Selectors } from './sm3-selectors.ts'
import { pragmasOf } from './sources.ts'

export interface CompiledContract {
  readonly name: string
  readonly abi: readonly AbiItem[]
  /** Without constructor arguments; empty for what cannot be deployed, such as an interface. */
  readonly code: Uint8Array
}

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, ContractOutput>>>>
}

interface ContractOutput {
  readonly abi: readonly AbiItem[]
  readonly evm: { readonly bytecode: { readonly object: string } }
}

const OPTIMIZED = { enabled: true, runs: 200 }
/** One run: functions are compared one by one, not searched in the order of their selectors. */
const PLAIN = { enabled: false, runs: 1 }

export interface CompileRequest {
  /** Texts by unit name, imports included. */
  readonly sources: ReadonlyMap<string, string>
  /** Unit that has the contract. */
  readonly main: string
  /**
   * Contract of the unit.
   * @default the one that is named like the unit, or the only one
   */
  readonly contract?: string | undefined
  /**
   * What the chain hashes with.
   * @default 'standard'
   */
  readonly suite?: SuiteName | undefined
}

/**
 * Compiles a contract with the newest compiler that its sources accept.
 * Throws `CLI_SOLIDITY_FAILED`, `CLI_SOLIDITY_VERSION` or `CLI_SOLIDITY_NOT_FOUND`.
 */
export function compileContract(request: CompileRequest): CompiledContract {
  const { sources, main, contract, suite = 'standard' } = request
  const compiler = chooseCompiler(sources)
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([unit, content]) => [unit, { content }])),
    settings: {
      evmVersion: compiler.evmVersion,
      optimizer: suite === 'guomi' ? PLAIN : OPTIMIZED,
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const output: CompilerOutput = JSON.parse(loadCompiler(compiler)(JSON.stringify(input)))
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    const words = errors.map(({ formattedMessage }) => formattedMessage.trim()).join('\n')
    throw new CompilationError(main, words)
  }
  const made = output.contracts?.[main] ?? {}
  const name = chooseContract(Object.keys(made), main, contract)
  const found = made[name]
  if (found === undefined) throw new SourceNotFoundError(name, `${main} has no such contract`)
  const code = codeOf(main, found)
  if (suite === 'standard') return { name, abi: found.abi, code }
  const abis = Object.values(output.contracts ?? {})
    .flatMap((unit) => Object.values(unit))
    .map(({ abi }) => abi)
  return { name, abi: found.abi, code: withSm3Selectors({ unit: main, code, abis, sources }) }
}

/** Compiles one contract of a source text that imports nothing. */
export function compileText(source: string, contract: string, suite?: SuiteName): CompiledContract {
  const main = `${contract}.sol`
  return compileContract({ sources: new Map([[main, source]]), main, contract, suite })
}

function chooseCompiler(sources: ReadonlyMap<string, string>): CompilerChoice {
  const wanted = [...sources].flatMap(([unit, text]) =>
    pragmasOf(text).map((range) => ({ unit, range })),
  )
  const found = COMPILERS.find(({ version }) =>
    wanted.every(({ range }) => semver.satisfies(version, range)),
  )
  if (found !== undefined) return found
  const offered = COMPILERS.map(({ version }) => version)
  const alone = wanted.find(({ range }) => semver.maxSatisfying(offered, range) === null)
  const [first] = wanted
  throw alone === undefined
    ? new NoCompilerError(
        first?.unit ?? '',
        wanted.map(({ range }) => range).join(' and '),
        offered,
      )
    : new NoCompilerError(alone.unit, alone.range, offered)
}

function chooseContract(
  names: readonly string[],
  unit: string,
  wanted: string | undefined,
): string {
  const [, base = ''] = /([^/]+)\.sol$/.exec(unit) ?? []
  const choice = wanted ?? (names.includes(base) ? base : names.length === 1 ? names[0] : undefined)
  if (choice !== undefined && names.includes(choice)) return choice
  const known = names.length === 0 ? 'none' : names.join(', ')
  throw new SourceNotFoundError(
    wanted ?? base,
    `${unit} has these contracts: ${known}; name the file like the contract that is meant`,
  )
}

function codeOf(unit: string, { evm }: ContractOutput): Uint8Array {
  const { object } = evm.bytecode
  // Where the address of a library belongs stands its name, in underscores.
  if (object.includes('_')) {
    throw new CompilationError(
      unit,
      'it uses a library that would have to be deployed by itself; make the functions of the library internal',
    )
  }
  return fromHex(object)
}

import { CliError } from '../errors.ts'

/** The compiler refuses a contract; the message holds its own words. */
export class CompilationError extends CliError<'CLI_SOLIDITY_FAILED', { readonly source: string }> {
  constructor(source: string, reason: string) {
    super('CLI_SOLIDITY_FAILED', `${source} does not compile: ${reason}`, { details: { source } })
  }
}

/** No compiler that is on board satisfies the version that the sources ask for. */
export class NoCompilerError extends CliError<
  'CLI_SOLIDITY_VERSION',
  { readonly wanted: string; readonly source: string }
> {
  constructor(source: string, wanted: string, offered: readonly string[]) {
    super(
      'CLI_SOLIDITY_VERSION',
      `${source} asks for Solidity ${wanted}, and there are ${offered.join(', ')}: change its pragma, or give it compiled as .abi and .bin`,
      { details: { source, wanted } },
    )
  }
}

/** An import, or a contract that was named, is nowhere. */
export class SourceNotFoundError extends CliError<
  'CLI_SOLIDITY_NOT_FOUND',
  { readonly name: string }
> {
  constructor(name: string, reason: string) {
    super('CLI_SOLIDITY_NOT_FOUND', `no contract source ${name}: ${reason}`, { details: { name } })
  }
}

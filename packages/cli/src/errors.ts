import { BcosError, type ErrorDetails, isBcosError } from '@bcos-ts/common'

export type CliErrorCode =
  | 'CLI_USAGE'
  | 'CLI_UNSUPPORTED_FLAG'
  | 'CLI_OUTPUT_EXISTS'
  | 'CLI_FILE_UNREADABLE'
  | 'CLI_FILE_UNWRITABLE'
  | 'CLI_NO_PASSWORD'
  | 'CLI_PORT_IN_USE'
  | 'CLI_PROBE_FAILED'
  | 'CLI_BENCH_FAILED'
  | 'CLI_SIMULATION_ENDED'
  | 'CLI_SOLIDITY_FAILED'
  | 'CLI_SOLIDITY_VERSION'
  | 'CLI_SOLIDITY_NOT_FOUND'
  | 'CONSOLE_UNKNOWN_COMMAND'
  | 'CONSOLE_LINE_SYNTAX'
  | 'CONSOLE_ARGUMENT'
  | 'CONSOLE_ABI_VALUE'
  | 'CONSOLE_SQL_SYNTAX'
  | 'CONSOLE_SQL_MEANING'
  | 'CONSOLE_STATE'
  | 'CONSOLE_NODE_REFUSED'
  | 'CONSOLE_NOT_FOUND'
  | 'CONSOLE_CONTRACT_REFUSED'

export class CliError<
  TCode extends CliErrorCode = CliErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'CliError'
}

/** An argument that cannot be used as it is; `argument` names the option, the file or the line. */
export class UsageError extends CliError<
  'CLI_USAGE',
  { readonly argument: string; readonly reason: string }
> {
  constructor(argument: string, reason: string, cause?: unknown) {
    super('CLI_USAGE', `${argument}: ${reason}`, { details: { argument, reason }, cause })
  }
}

/** A flag of `build_chain.sh` that asks for something that is not offered. */
export class UnsupportedFlagError extends CliError<
  'CLI_UNSUPPORTED_FLAG',
  { readonly flag: string; readonly reason: string }
> {
  constructor(flag: string, reason: string) {
    super('CLI_UNSUPPORTED_FLAG', `${flag} is not offered: ${reason}`, {
      details: { flag, reason },
    })
  }
}

/** Nothing is ever written over what is there. */
export class OutputExistsError extends CliError<'CLI_OUTPUT_EXISTS', { readonly path: string }> {
  constructor(path: string) {
    super('CLI_OUTPUT_EXISTS', `${path} exists already: remove it, or choose another place`, {
      details: { path },
    })
  }
}

export class PortInUseError extends CliError<
  'CLI_PORT_IN_USE',
  { readonly port: number; readonly folder: string }
> {
  constructor(port: number, folder: string) {
    super(
      'CLI_PORT_IN_USE',
      `port ${port} of the chain in ${folder} is in use: it may be running already; stop it, or choose another folder with --output`,
      { details: { port, folder } },
    )
  }
}

export class UnreadableFileError extends CliError<
  'CLI_FILE_UNREADABLE',
  { readonly file: string; readonly reason: string }
> {
  constructor(file: string, reason: string, cause?: unknown) {
    super('CLI_FILE_UNREADABLE', `cannot read ${file}: ${reason}`, {
      details: { file, reason },
      cause,
    })
  }
}

export class UnwritableFileError extends CliError<
  'CLI_FILE_UNWRITABLE',
  { readonly file: string; readonly reason: string }
> {
  constructor(file: string, reason: string, cause?: unknown) {
    super('CLI_FILE_UNWRITABLE', `cannot write ${file}: ${reason}`, {
      details: { file, reason },
      cause,
    })
  }
}

/** A password is needed and there is nobody to ask, or two entries differ. */
export class NoPasswordError extends CliError<'CLI_NO_PASSWORD', { readonly reason: string }> {
  constructor(reason: string) {
    super('CLI_NO_PASSWORD', `no password: ${reason}`, { details: { reason } })
  }
}

/** Something that was looked at from outside does not answer as it should. */
export class ProbeFailedError extends CliError<'CLI_PROBE_FAILED', { readonly reason: string }> {
  constructor(reason: string) {
    super('CLI_PROBE_FAILED', reason, { details: { reason } })
  }
}

/** A chain under load stands still, refuses, or does not answer. */
export class BenchFailedError extends CliError<'CLI_BENCH_FAILED', { readonly reason: string }> {
  constructor(reason: string, cause?: unknown) {
    super('CLI_BENCH_FAILED', reason, { details: { reason }, cause })
  }
}

/** A process that ran seeds for this one has ended by itself. */
export class SimulationEndedError extends CliError<
  'CLI_SIMULATION_ENDED',
  { readonly seed: number }
> {
  constructor(seed: number) {
    super(
      'CLI_SIMULATION_ENDED',
      `the process that ran seed ${seed} has ended before the seed; run it alone with --seeds ${seed}`,
      { details: { seed } },
    )
  }
}

/** Wrong arguments, or a folder that is not what the argument has to name. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  'CLI_USAGE',
  'CLI_UNSUPPORTED_FLAG',
  'REPLAY_INVALID_RECORDING',
  'CONSOLE_UNKNOWN_COMMAND',
  'CONSOLE_LINE_SYNTAX',
  'CONSOLE_ARGUMENT',
  'CONSOLE_ABI_VALUE',
  'CONSOLE_SQL_SYNTAX',
])

export const EXIT_OK = 0
export const EXIT_FAILURE = 1
export const EXIT_USAGE = 2

/** The exit code that tells a script what kind of failure it was. */
export function exitCodeOf(error: unknown): number {
  return isBcosError(error) && USAGE_CODES.has(error.code) ? EXIT_USAGE : EXIT_FAILURE
}

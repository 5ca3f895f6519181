import { CliError } from '../errors.ts'

export class UnknownCommandError extends CliError<
  'CONSOLE_UNKNOWN_COMMAND',
  { readonly command: string }
> {
  constructor(command: string, nearest: readonly string[]) {
    const advice =
      nearest.length === 0 ? 'help lists all commands' : `did you mean ${nearest.join(' or ')}?`
    super('CONSOLE_UNKNOWN_COMMAND', `no command ${command}: ${advice}`, { details: { command } })
  }
}

/** A line that cannot be split into commands and words. `position` counts characters from 1. */
export class LineSyntaxError extends CliError<
  'CONSOLE_LINE_SYNTAX',
  { readonly position: number }
> {
  constructor(position: number, reason: string) {
    super('CONSOLE_LINE_SYNTAX', `at character ${position}: ${reason}`, { details: { position } })
  }
}

/** An argument that is missing, or that is not of the form that its parameter has. */
export class ArgumentError extends CliError<
  'CONSOLE_ARGUMENT',
  { readonly command: string; readonly parameter: string }
> {
  constructor(command: string, parameter: string, reason: string) {
    super('CONSOLE_ARGUMENT', `${command}: ${reason}`, { details: { command, parameter } })
  }
}

/** A value that is not of its ABI type. `name` is that of the parameter in the contract. */
export class AbiArgumentError extends CliError<
  'CONSOLE_ABI_VALUE',
  { readonly name: string; readonly type: string }
> {
  constructor(name: string, type: string, reason: string) {
    super('CONSOLE_ABI_VALUE', `${name} (${type}): ${reason}`, { details: { name, type } })
  }
}

/** SQL that is not of the few forms that tables of a chain have. `position` counts characters from 1. */
export class SqlSyntaxError extends CliError<'CONSOLE_SQL_SYNTAX', { readonly position: number }> {
  constructor(position: number, reason: string) {
    super('CONSOLE_SQL_SYNTAX', `SQL, at character ${position}: ${reason}`, {
      details: { position },
    })
  }
}

/** SQL that can be read, and that does not fit the table. */
export class SqlMeaningError extends CliError<'CONSOLE_SQL_MEANING', { readonly table: string }> {
  constructor(table: string, reason: string) {
    super('CONSOLE_SQL_MEANING', `table ${table}: ${reason}`, { details: { table } })
  }
}

/** Something that a command needs of the console itself: an account, a deployed contract, a file of state. */
export class ConsoleStateError extends CliError<'CONSOLE_STATE', { readonly what: string }> {
  constructor(what: string, reason: string) {
    super('CONSOLE_STATE', `${what}: ${reason}`, { details: { what } })
  }
}

/** Group or configuration operations that a node answers with a code of its own. */
export class NodeRefusalError extends CliError<
  'CONSOLE_NODE_REFUSED',
  { readonly method: string; readonly nodeCode: string }
> {
  constructor(method: string, nodeCode: string, message: string) {
    super('CONSOLE_NODE_REFUSED', `${method}: ${message} (${nodeCode})`, {
      details: { method, nodeCode },
    })
  }
}

/** The node knows nothing under a hash. */
export class NotFoundError extends CliError<'CONSOLE_NOT_FOUND', { readonly what: string }> {
  constructor(what: string, advice: string) {
    super('CONSOLE_NOT_FOUND', `there is no ${what}: ${advice}`, { details: { what } })
  }
}

/** A native contract that answers with a negative number. */
export class ContractRefusalError extends CliError<
  'CONSOLE_CONTRACT_REFUSED',
  { readonly command: string; readonly resultCode: number; readonly transactionHash: string | null }
> {
  constructor(
    command: string,
    { code, message }: { readonly code: number; readonly message: string },
    transactionHash: string | null,
  ) {
    super('CONSOLE_CONTRACT_REFUSED', `${command} is refused: ${message} (${code})`, {
      details: { command, resultCode: code, transactionHash },
    })
  }
}

import type { ErrorGuide } from '@bcos-ts/common'
import type { CliErrorCode } from './errors.ts'

export const cliErrorGuide: Readonly<Record<CliErrorCode, ErrorGuide>> = {
  CLI_USAGE: {
    cause: 'An argument cannot be used as it is, or two contradict each other.',
    evidence: 'The option, file or line is named; exit code 2.',
    remedy: 'Correct it; `--help` behind the command shows its options.',
  },
  CLI_UNSUPPORTED_FLAG: {
    cause: 'A flag of `build_chain.sh` asks for something that is not offered here.',
    evidence: '`… is not offered: …` with the reason; exit code 2.',
    remedy: 'Leave it out; the reason says what there is instead.',
  },
  CLI_OUTPUT_EXISTS: {
    cause: 'Something stands where a file or folder is to be made. Nothing is ever written over.',
    evidence: '`… exists already`; exit code 1, nothing was written.',
    remedy: 'Remove it or choose another place.',
  },
  CLI_FILE_UNREADABLE: {
    cause: 'A file is missing, may not be read, is too large, or is not what its name says.',
    evidence: '`cannot read …` with the reason; exit code 1.',
    remedy: 'Check name and rights.',
  },
  CLI_FILE_UNWRITABLE: {
    cause: 'A file cannot be written: rights, a full or a read-only disk.',
    evidence: '`cannot write …` with the reason; exit code 1.',
    remedy: 'Check the rights of the folder, and free space.',
  },
  CLI_NO_PASSWORD: {
    cause: 'A password is needed and nobody can be asked, it is empty, or two entries differ.',
    evidence: '`no password: …`; exit code 1.',
    remedy: 'Type it at a terminal, or give a file whose first line it is with `--password-file`.',
  },
  CLI_PORT_IN_USE: {
    cause: 'A port of the chain in that folder is taken: the chain, or something else, runs.',
    evidence: '`bcos-ts demo` ends with exit code 1; port and folder are named.',
    remedy:
      'Stop what runs, or choose another folder with `--output`: a new chain takes free ports.',
  },
  CLI_PROBE_FAILED: {
    cause: 'What `bcos-ts doctor` looked at does not answer, or not as a node does.',
    evidence: 'A row of its table, with the reason of the system or of TLS.',
    remedy: 'Do what that row says.',
  },
  CLI_SOLIDITY_NOT_FOUND: {
    cause:
      'There is no contract of that name in the folder of contracts, no such path, or an import is nowhere.',
    evidence:
      'Printed by `deploy`, `deployByCNS` and `call` of the console, with the places that were looked at.',
    remedy: 'Name the file with its path, or the folder with `--contracts`.',
  },
  CLI_BENCH_FAILED: {
    cause:
      'The chain under load stands still, refuses to be prepared, or a node of it does not answer.',
    evidence: 'The reason, with the address of the node or its own words.',
    remedy:
      'Look at the logs of its nodes; send less at a time (`--concurrency`, `--rate`), or give addresses that answer to `--rpc`.',
  },
  CLI_SIMULATION_ENDED: {
    cause:
      'With `bcos-ts simulate --jobs`, one of the processes was killed, ran out of memory, or failed.',
    evidence: 'What the process said last stands above; the seed it was at is named; exit code 1.',
    remedy: 'Run that seed alone, or all with fewer `--jobs`.',
  },
  CLI_SOLIDITY_FAILED: {
    cause: 'The compiler refuses the contract.',
    evidence: 'Printed by the console with the own words of the compiler: file, line, reason.',
    remedy: 'Repair the contract at the place that is named.',
  },
  CLI_SOLIDITY_VERSION: {
    cause:
      'No compiler on board fits the `pragma` of the contract, or the chain is guomi, whose selectors no compiler here makes.',
    evidence: 'Printed by the console with the versions that there are.',
    remedy: 'Widen the pragma, or compile elsewhere and give the console ABI and byte code.',
  },
  CONSOLE_UNKNOWN_COMMAND: {
    cause: 'The console has no command of that name.',
    evidence: 'Printed by the console with the nearest name; exit code 2 with `-c`.',
    remedy: 'Type `help` for all commands.',
  },
  CONSOLE_LINE_SYNTAX: {
    cause: 'A quote or a bracket of the line is never closed.',
    evidence: 'Printed by the console with the place; exit code 2 with `-c`.',
    remedy: 'Close it, or put a text with such signs in quotes.',
  },
  CONSOLE_ARGUMENT: {
    cause: 'An argument of a command is missing, too much, or of another form.',
    evidence: 'Printed by the console with form and usage; exit code 2 with `-c`.',
    remedy: 'Type `help COMMAND` to see its arguments and an example.',
  },
  CONSOLE_ABI_VALUE: {
    cause: 'A value is not of the type that the contract has at this place.',
    evidence: 'Printed by the console with the form that is expected; exit code 2 with `-c`.',
    remedy:
      'Write the value in that form: `[1,2]` for arrays, `0x…` for bytes, `"…"` for text with blanks.',
  },
  CONSOLE_SQL_SYNTAX: {
    cause: 'A statement of SQL cannot be read.',
    evidence:
      'Printed by the console with the place and what is expected there; exit code 2 with `-c`.',
    remedy:
      'Type `help select` and the like: the console knows one table a statement, and no joins.',
  },
  CONSOLE_SQL_MEANING: {
    cause:
      'A statement does not fit the table: no key, no such field, or bounds that tables of a chain cannot keep.',
    evidence: 'Printed by the console before anything is sent.',
    remedy: 'Look at `desc TABLE`: every statement needs the key of its rows.',
  },
  CONSOLE_STATE: {
    cause: 'An account, a deployed contract or a group is not what the command needs.',
    evidence: 'Printed by the console before anything is sent.',
    remedy: 'Do what the message says: load an account, name an address, or switch the group.',
  },
  CONSOLE_NODE_REFUSED: {
    cause: 'The node refuses to change its groups or peers.',
    evidence: 'Printed by the console with the code and the words of the node.',
    remedy: 'Ask `bcos-ts explain` for the code, such as `GROUP_STOPPED`.',
  },
  CONSOLE_NOT_FOUND: {
    cause: 'The chain has nothing under this hash, name or address.',
    evidence: 'Printed by the console; exit code 1 with `-c`.',
    remedy: 'Check it, and whether the console is in the right group: `switch`.',
  },
  CONSOLE_CONTRACT_REFUSED: {
    cause: 'A native contract answered with a negative number: it did nothing.',
    evidence:
      'Printed by the console with the number and its sentence; the transaction is in a block.',
    remedy: 'Ask `bcos-ts explain` for the number.',
  },
}

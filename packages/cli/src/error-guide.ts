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
}

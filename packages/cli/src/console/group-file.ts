import { UnreadableFileError } from '../errors.ts'
import { formOf } from './forms.ts'

/** What the console of 2.x reads for a new group: a few lines of TOML. */
export interface GroupFile {
  /** `HOST:PORT` of the nodes to tell. */
  readonly peers: readonly string[]
  readonly sealers: readonly string[]
  /** Milliseconds since 1970. */
  readonly timestamp: string
}

/** Reads `peers`, `sealerList` and `timestamp`; sections are of no account. Throws `CLI_FILE_UNREADABLE`. */
export function readGroupFile(text: string, file: string): GroupFile {
  const lines = text.replaceAll(/^\s*#.*$/gm, '')
  const timestamp = /^\s*timestamp\s*=\s*"?(\d{1,20})"?/m.exec(lines)?.[1]
  if (timestamp === undefined) throw missing(file, 'timestamp = "1590586645000"')
  const peers = listOf(lines, 'peers') ?? []
  const sealers = listOf(lines, 'sealerList') ?? []
  if (peers.length === 0) throw missing(file, 'peers = ["127.0.0.1:8545"]')
  if (sealers.length === 0) throw missing(file, 'sealerList = ["…"]')
  for (const peer of peers) check(file, 'endpoint', peer)
  for (const sealer of sealers) check(file, 'nodeId', sealer)
  return { peers, sealers, timestamp }
}

function listOf(text: string, name: string): readonly string[] | undefined {
  const inner = new RegExp(`^\\s*${name}\\s*=\\s*\\[([^\\]]*)\\]`, 'm').exec(text)?.[1]
  return inner === undefined
    ? undefined
    : [...inner.matchAll(/"([^"]*)"/g)].map(([, one = '']) => one)
}

function missing(file: string, example: string): UnreadableFileError {
  return new UnreadableFileError(file, `it has no line such as ${example}`)
}

function check(file: string, kind: 'endpoint' | 'nodeId', text: string): void {
  const form = formOf(kind)
  if (form.read(text) === undefined) {
    throw new UnreadableFileError(file, `${text} is not ${form.expected}`)
  }
}

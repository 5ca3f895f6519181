/**
 * A folder in which the blocks of a real chain were recorded, with everything its node answered.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '@bcos-ts/common'
import { type GenesisParameters, SUPPORTED_VERSION_DEFAULT, versionRules } from '@bcos-ts/protocol'
import { parseGenesisFile } from '../config/genesis-file.ts'
import { parseIni } from '../config/ini.ts'
import { InvalidRecordingError } from '../errors.ts'
import { readLines } from './read-lines.ts'

const BLOCKS = 'blocks.jsonl.gz'
const STATE_DIFFS = 'state_diffs.jsonl.gz'
const STATE = 'state.jsonl.gz'

/** One line of `blocks.jsonl.gz`, as far as a replay reads it. */
export interface RecordedBlock {
  readonly number: number
  /** 0x hex. */
  readonly hash: string
  readonly transactions: readonly { readonly hash: string; readonly label?: string }[]
  /** The block as the node kept it, 0x hex. */
  readonly blockRlp: string
}

/** One line of `state_diffs.jsonl.gz`: what was hashed for each changed table. */
export interface RecordedStateDiff {
  readonly number: number
  readonly stateRoot: string
  readonly tables: readonly {
    readonly table: string
    readonly hash: string
    readonly preimage: string
  }[]
}

/** One line of `state.jsonl.gz`: the rows under one key at the end; `row` is table and key joined by `_`. */
export interface RecordedRows {
  readonly row: string
  readonly entries: readonly Readonly<Record<string, string | { readonly hex: string }>>[]
}

export interface Recording {
  readonly folder: string
  readonly genesis: GenesisParameters
  readonly isGuomi: boolean
  blocks(): AsyncIterable<RecordedBlock>
  /** By block number; empty when the recording has none. */
  stateDiffs(): Promise<ReadonlyMap<number, RecordedStateDiff>>
  /** Every row at the end; empty when the recording has none. */
  rows(): AsyncIterable<RecordedRows>
}

/** The recordings in a folder: itself, or one for each of its groups. Throws {@link InvalidRecordingError}. */
export function openRecordings(folder: string): readonly Recording[] {
  if (existsSync(join(folder, BLOCKS))) return [openRecording(folder)]
  const groups = foldersIn(folder).filter((name) => existsSync(join(folder, name, BLOCKS)))
  if (groups.length === 0) throw new InvalidRecordingError(folder, `there is no ${BLOCKS} in it`)
  return groups.map((name) => openRecording(join(folder, name), folder))
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw new InvalidRecordingError(folder, messageOf(error), error)
  }
}

function openRecording(folder: string, parent?: string): Recording {
  try {
    const config = readNodeConfig([folder, ...(parent === undefined ? [] : [parent])])
    versionRules(config.supportedVersion)
    return {
      folder,
      genesis: readGenesis(folder),
      isGuomi: config.isGuomi,
      blocks: () => readLines(join(folder, BLOCKS), isBlock),
      stateDiffs: () => readStateDiffs(join(folder, STATE_DIFFS)),
      rows: () => readLines(join(folder, STATE), isRows),
    }
  } catch (error) {
    throw new InvalidRecordingError(folder, messageOf(error), error)
  }
}

function readGenesis(folder: string): GenesisParameters {
  const place = join(folder, 'genesis')
  const file = readdirSync(place).find((name) => /^group\.\d+\.genesis$/.test(name))
  if (file === undefined) throw new Error('there is no group.N.genesis in its folder genesis')
  return parseGenesisFile(readFileSync(join(place, file), 'utf8'), join(place, file)).genesis
}

/** The first node's `config.ini` says which rules and which cryptography the chain had. */
function readNodeConfig(folders: readonly string[]): {
  readonly supportedVersion: string
  readonly isGuomi: boolean
} {
  for (const folder of folders) {
    const file = join(folder, 'genesis', 'node0.config.ini')
    if (!existsSync(file)) continue
    const ini = parseIni(readFileSync(file, 'utf8'), file)
    return {
      supportedVersion: ini.text('compatibility.supported_version', SUPPORTED_VERSION_DEFAULT),
      isGuomi: ini.boolean('chain.sm_crypto', false),
    }
  }
  return { supportedVersion: SUPPORTED_VERSION_DEFAULT, isGuomi: false }
}

async function readStateDiffs(file: string): Promise<ReadonlyMap<number, RecordedStateDiff>> {
  const diffs = new Map<number, RecordedStateDiff>()
  for await (const diff of readLines(file, isStateDiff)) diffs.set(diff.number, diff)
  return diffs
}

type Fields<T> = Partial<Record<keyof T, unknown>>

function isObject<T>(value: unknown): value is Fields<T> {
  return typeof value === 'object' && value !== null
}

function isBlock(value: unknown): value is RecordedBlock {
  return (
    isObject<RecordedBlock>(value) &&
    Number.isSafeInteger(value.number) &&
    typeof value.hash === 'string' &&
    typeof value.blockRlp === 'string' &&
    Array.isArray(value.transactions) &&
    value.transactions.every(
      (one) => isObject<{ hash: string }>(one) && typeof one.hash === 'string',
    )
  )
}

function isStateDiff(value: unknown): value is RecordedStateDiff {
  return (
    isObject<RecordedStateDiff>(value) &&
    Number.isSafeInteger(value.number) &&
    Array.isArray(value.tables) &&
    value.tables.every(
      (one) =>
        isObject<{ table: string; preimage: string }>(one) &&
        typeof one.table === 'string' &&
        typeof one.preimage === 'string',
    )
  )
}

function isRows(value: unknown): value is RecordedRows {
  return (
    isObject<RecordedRows>(value) &&
    typeof value.row === 'string' &&
    Array.isArray(value.entries) &&
    value.entries.every((one) => isObject(one))
  )
}

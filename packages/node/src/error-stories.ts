/**
 * The stories of every error that a node and its clients can meet, from the tables of the packages.
 * @module
 */
import { assert, type ErrorGuide, type NumberedGuide } from '@bcos-ts/common'
import { consensusErrorGuide } from '@bcos-ts/consensus'
import { cryptoErrorGuide } from '@bcos-ts/crypto'
import { executorErrorGuide } from '@bcos-ts/executor'
import { ledgerErrorGuide } from '@bcos-ts/ledger'
import { networkErrorGuide } from '@bcos-ts/network'
import { precompiledErrorGuide } from '@bcos-ts/precompiled'
import { GroupCode, ResultCode, statusMessage, TransactionStatus } from '@bcos-ts/protocol'
import { AmopResult, EventCode } from '@bcos-ts/protocol/channel'
import {
  groupCodeGuide,
  nativeCodeGuide,
  protocolErrorGuide,
  statusGuide,
} from '@bcos-ts/protocol/guides'
import {
  amopResultGuide,
  eventCodeGuide,
  otherAmopResults,
  rpcErrorGuide,
  rpcErrorNumber,
  rpcServerErrorGuide,
} from '@bcos-ts/rpc'
import { storageErrorGuide } from '@bcos-ts/storage-crud'
import { nodeErrorGuide } from './error-guide.ts'

/** One error as a user meets it. */
export interface ErrorStory extends ErrorGuide {
  /** `CONFIG_SYNTAX`; for numbers a name made of what they belong to, such as `STATUS_OUT_OF_GAS`. */
  readonly code: string
  readonly area: string
  readonly number?: number
  /** Other words under which it is seen, such as the `statusMsg` of a receipt. */
  readonly alias?: string
}

/** The stories of a table from codes. */
export function storiesOf(
  area: string,
  guides: Readonly<Record<string, ErrorGuide>>,
): ErrorStory[] {
  return Object.entries(guides).map(([code, { cause, evidence, remedy }]) => {
    return { code, area, cause, evidence, remedy }
  })
}

interface NumberedArea {
  readonly area: string
  readonly prefix: string
  readonly aliasOf?: (number: number) => string
}

/** The stories of a table from the names of numbers. */
function numbered(
  { area, prefix, aliasOf }: NumberedArea,
  numbers: Readonly<Record<string, number>>,
  guides: Readonly<Record<string, ErrorGuide>>,
): ErrorStory[] {
  return Object.entries(guides).map(([name, { cause, evidence, remedy }]) => {
    const words = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
    const number = numbers[name]
    assert(number !== undefined, `${name} has a number`)
    const story = { code: `${prefix}_${words}`, area, number, cause, evidence, remedy }
    return aliasOf === undefined ? story : Object.assign(story, { alias: aliasOf(number) })
  })
}

const AMOP = { area: 'Answers of AMOP', prefix: 'AMOP' }

/** Without those of the SDK and of the command line, which tell their own. */
export const nodeErrorStories: readonly ErrorStory[] = [
  ...storiesOf('Configuration and start of a node', nodeErrorGuide),
  ...storiesOf('The chain on disk', { ...storageErrorGuide, ...ledgerErrorGuide }),
  ...storiesOf('Consensus and execution', {
    ...consensusErrorGuide,
    ...executorErrorGuide,
    ...precompiledErrorGuide,
  }),
  ...storiesOf('Network', networkErrorGuide),
  ...storiesOf('Servers for clients', rpcServerErrorGuide),
  ...storiesOf('Encodings', protocolErrorGuide),
  ...storiesOf('Keys and certificates', cryptoErrorGuide),
  ...jsonRpcStories(),
  ...numbered(
    { area: 'Status of a transaction', prefix: 'STATUS', aliasOf: statusMessage },
    TransactionStatus,
    statusGuide,
  ),
  ...numbered(
    { area: 'Answers of native contracts', prefix: 'NATIVE' },
    ResultCode,
    nativeCodeGuide,
  ),
  ...numbered({ area: 'Answers of group management', prefix: 'GROUP' }, GroupCode, groupCodeGuide),
  ...numbered(AMOP, AmopResult, amopResultGuide),
  ...numbered(AMOP, numbersOf(otherAmopResults), otherAmopResults),
  ...numbered({ area: 'Answers to event filters', prefix: 'EVENT' }, EventCode, eventCodeGuide),
]

function jsonRpcStories(): ErrorStory[] {
  return keysOf(rpcErrorGuide).map((code) => {
    const { cause, evidence, remedy } = rpcErrorGuide[code]
    const number = rpcErrorNumber(code)
    return { code, area: 'Errors of JSON-RPC', number, cause, evidence, remedy }
  })
}

function keysOf<TKey extends string>(table: Readonly<Record<TKey, unknown>>): readonly TKey[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a literal table has no other keys
  return Object.keys(table) as TKey[]
}

function numbersOf(guides: Readonly<Record<string, NumberedGuide>>): Record<string, number> {
  return Object.fromEntries(Object.entries(guides).map(([name, { number }]) => [name, number]))
}

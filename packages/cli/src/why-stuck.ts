/**
 * What a node says about the block that does not come, for people.
 * @module
 */
import { listOf, numberOf, recordOf, textOf } from './doctor/node-rpc.ts'
import { fieldsOf, tableOf } from './table.ts'
import type { Terminal } from './terminal.ts'

const ID_DIGITS = 8

/** The answer of `getConsensusProgress` as text: one sentence first, then what it rests on. */
export function progressText(terminal: Terminal, answer: unknown): string {
  const progress = recordOf(answer)
  const text = (name: string): string => shown(progress[name])
  const lock = recordOf(progress['lock'])
  const fields: readonly (readonly [string, string])[] = [
    ['node', short(progress['nodeId'])],
    ['group', text('groupId')],
    ['height', text('height')],
    ['view', `${text('view')}, asks for ${text('toView')}`],
    ['leader', short(progress['leader'])],
    ['stage', text('stage')],
    ['proposal', short(progress['proposal'])],
    [
      'lock',
      progress['lock'] === null ? '—' : `${short(lock['hash'])} of view ${shown(lock['view'])}`,
    ],
    ['transactions that wait', text('pendingTransactions')],
    ['patience', seconds(progress['patienceMs'])],
  ]
  const rows = listOf(progress['sealers']).map((one) => sealerRow(recordOf(one)))
  const head = ['sealer', 'session', 'heard', 'sign', 'commit', 'view', 'asks for']
  return [
    `${terminal.colors.bold('Missing:')} ${text('missing')}`,
    '',
    fieldsOf(terminal, fields),
    '',
    tableOf(terminal, head, rows),
  ].join('\n')
}

function sealerRow(sealer: Readonly<Record<string, unknown>>): string[] {
  const isSelf = sealer['isSelf'] === true
  const state = sealer['isConnected'] === true ? 'up' : 'down'
  const forMs = numberOf(sealer['linkForMs'])
  return [
    short(sealer['nodeId']),
    isSelf ? 'this node' : forMs === undefined ? state : `${state} for ${seconds(forMs)}`,
    isSelf || numberOf(sealer['heardAgoMs']) === undefined
      ? '—'
      : `${seconds(sealer['heardAgoMs'])} ago`,
    sealer['hasSigned'] === true ? 'yes' : '—',
    sealer['hasCommitted'] === true ? 'yes' : '—',
    shown(sealer['view']),
    shown(sealer['asksForView']),
  ]
}

function short(value: unknown): string {
  const text = textOf(value)
  return text === undefined ? '—' : `${text.slice(0, ID_DIGITS)}…`
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (numberOf(value)?.toString() ?? '—')
}

function seconds(value: unknown): string {
  const ms = numberOf(value)
  return ms === undefined ? '—' : `${(ms / 1000).toFixed(1)} s`
}

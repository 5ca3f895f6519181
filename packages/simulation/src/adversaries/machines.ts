/**
 * Machines that are honest, but not what they should be: with a clock that is wrong, or with a key that another has too.
 * @module
 */
import type { AdversaryKind } from './adversary.ts'

const HOUR_MS = 3_600_000

export const hourAhead: AdversaryKind = {
  name: 'hour-ahead',
  idea: 'has a clock that is an hour fast',
  does: 'An honest node; the blocks that it proposes come from the future, and every later block must still have a later time.',
  offsetMs: HOUR_MS,
  behave: () => ({}),
}

export const hourBehind: AdversaryKind = {
  name: 'hour-behind',
  idea: 'has a clock that is an hour slow',
  does: 'An honest node; the blocks that it proposes claim to be older than their parents were when they were made.',
  offsetMs: -HOUR_MS,
  behave: () => ({}),
}

export const twin: AdversaryKind = {
  name: 'twin',
  idea: 'runs twice, as when a node was copied with its key',
  does: 'Two machines go by one node id. Half of the group has its session with one of them, half with the other; both run the honest engine, each with a disk of its own, and so both lead, and both vote.',
  isTwin: true,
  behave: () => ({}),
}

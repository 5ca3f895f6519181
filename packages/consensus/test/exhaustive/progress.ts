/**
 * Whether a group can go on from a state when the liar says nothing any more, everything that was said arrives, and
 * patience runs out where nothing else happens: one schedule, the obvious one.
 * @module
 */
import {
  type Option,
  type Other,
  prepareOptions,
  sealOptions,
  shownLocks,
  syncOptions,
  timerOption,
  viewChangeOption,
  voteOptions,
} from './options.ts'
import type { Sealer } from './sealer.ts'
import { parse } from './words.ts'
import { checkAgreement, type Choice, type Deed, type World } from './world.ts'

/** Twice around all leaders. */
const TIMEOUTS_MAX = 8
const TURNS_MAX = 40

const listen: Deed = {
  name: 'listens',
  options: (sealer, others) => [
    ...syncOptions(sealer, others),
    ...shownLocks(sealer, others),
    ...latestRequests(sealer, others),
    ...prepareOptions(sealer, others),
    ...voteOptions(sealer, others),
    ...sealOptions(sealer),
  ],
}

const loseHope: Deed = { name: 'times out', options: () => [timerOption()] }

function latestRequests({ state }: Sealer, others: readonly Other[]): Option[] {
  const height = state.head.number
  const asked = others.flatMap(({ index, said }) => {
    const views = said.filter((one) => one.startsWith(`V ${height} `)).map((one) => parse(one).view)
    return views.length === 0 ? [] : [{ index, view: Math.max(...views) }]
  })
  return asked.length === 0 ? [] : [viewChangeOption(height, asked)]
}

/** Choices on the way are added to `live`: whoever comes by them gets through too. */
export function isLive(world: World, from: Choice, live: Set<string>): boolean {
  const lowest = (choice: Choice): number =>
    Math.min(...world.sealersOf(choice).map(({ state }) => state.head.number))
  const goal = lowest(from) + 1
  if (goal > world.sizes.heights) return true
  const path: string[] = []
  const isThere = (choice: Choice): boolean => live.has(choice.join()) || lowest(choice) >= goal
  let now = from
  for (let timeouts = 0; timeouts <= TIMEOUTS_MAX; timeouts++) {
    now = listenOn(world, now, path, isThere)
    if (isThere(now)) {
      for (const one of path) live.add(one)
      return true
    }
    for (const position of [0, 1, 2]) now = world.act(now, position, loseHope)
  }
  return false
}

/** Everybody hears everything, until nothing new follows. */
function listenOn(
  world: World,
  from: Choice,
  path: string[],
  isThere: (choice: Choice) => boolean,
): Choice {
  let now = from
  for (let turn = 0; turn < TURNS_MAX && !isThere(now); turn++) {
    const place = now.join()
    path.push(place)
    for (const position of [0, 1, 2]) now = world.act(now, position, listen)
    checkAgreement(world.sealersOf(now))
    if (now.join() === place) break
  }
  return now
}

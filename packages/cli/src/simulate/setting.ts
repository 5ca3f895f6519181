import {
  type AdversaryKind,
  adversaryNamed,
  ENGINES,
  FAULT_MIXES,
  type RunOptions,
} from '@bcos-ts/simulation'
import { UsageError } from '../errors.ts'
import { wholeNumber } from '../whole-number.ts'

/** The words of a command line. */
export interface SimulateOptions {
  readonly seeds: string
  readonly nodes: string
  readonly groups: string
  readonly adversaries: string
  readonly faults: string
  readonly hours: string
  readonly rate: string
  readonly engine: string
  readonly jobs: string
  readonly trace?: string
  readonly output?: string
}

/** What every seed of a command has in common. */
export type Setting = Omit<RunOptions, 'seed'>

const SEEDS_MAX = 1_000_000
const SEED_MAX = 2 ** 32 - 1
const NODES_MIN = 4
const NODES_MAX = 31
const GROUPS_MAX = 16
const HOURS_MAX = 10_000
const RATE_MAX = 1000
const JOBS_MAX = 256

/** Throws `CLI_USAGE` for what cannot be run. */
export function settingOf(options: SimulateOptions): Setting {
  const faults = FAULT_MIXES.find(({ name }) => name === options.faults)
  if (faults === undefined) {
    throw new UsageError('--faults', `there is no ${options.faults}; give one of the list`)
  }
  const engine = ENGINES.find(({ name }) => name === options.engine)
  if (engine === undefined) {
    throw new UsageError('--engine', `${options.engine} is not an engine that can be simulated`)
  }
  return {
    size: wholeNumber('--nodes', options.nodes, { min: NODES_MIN, max: NODES_MAX }),
    groups: wholeNumber('--groups', options.groups, { max: GROUPS_MAX }),
    adversaries: adversariesOf(options.adversaries),
    faults,
    engine,
    hours: decimal('--hours', options.hours, HOURS_MAX),
    transactionsPerSecond: decimal('--rate', options.rate, RATE_MAX),
  }
}

function adversariesOf(text: string): readonly AdversaryKind[] | 'random' {
  if (text === 'random') return 'random'
  if (text === 'none') return []
  return text.split(',').map((name) => {
    const kind = adversaryNamed(name)
    if (kind !== undefined) return kind
    throw new UsageError(
      '--adversaries',
      `there is no ${name}; give some of the list, random or none`,
    )
  })
}

function decimal(option: string, text: string, max: number): number {
  const value = Number(text)
  if (/^\d+(?:\.\d+)?$/.test(text) && value > 0 && value <= max) return value
  throw new UsageError(option, `${text} is not a number above 0, of at most ${max}`)
}

export function seedOf(option: string, text: string): number {
  return wholeNumber(option, text, { min: 0, max: SEED_MAX })
}

export function jobsOf(text: string): number {
  return wholeNumber('--jobs', text, { max: JOBS_MAX })
}

/** `7,20-29` as numbers. */
export function seedsOf(text: string): readonly number[] {
  const seeds: number[] = []
  for (const part of text.split(',')) {
    const [from = '', to = from, ...rest] = part.split('-')
    const first = seedOf('--seeds', from)
    const last = seedOf('--seeds', to)
    if (rest.length > 0 || last < first || last - first >= SEEDS_MAX) {
      throw new UsageError('--seeds', `${part} is not a range such as 20-29`)
    }
    for (let seed = first; seed <= last; seed++) seeds.push(seed)
  }
  return seeds
}

/** Does recorded steps on a running network, and compares. */
import { isDeepStrictEqual } from 'node:util'
import { ask, type Member, post, soon } from './network.ts'
import type { Json, RecordedBlock, RecordedExchange, Recording, Translation } from './recording.ts'

/** What names a block, or was decided by the time and the keys of its makers. */
const OF_THE_BLOCK: ReadonlySet<string> = new Set([
  'blockHash',
  'parentHash',
  'timestamp',
  'sealer',
  'sealerList',
  'signatureList',
])

/** Of headers. */
const ROOTS = ['stateRoot', 'dbHash', 'receiptsRoot', 'transactionsRoot', 'gasUsed', 'logsBloom']

export interface Difference {
  readonly label: string
  readonly what: string
  readonly recorded: unknown
  readonly ours: unknown
}

export interface ReplayInit {
  readonly recording: Recording
  readonly translation: Translation
  readonly groupId: number
  /** Who takes transactions and answers, one after the other. */
  readonly members: readonly Member[]
  /** Members that are in the group after a block; all, where nothing is said. */
  readonly membersAt?: (number: number) => readonly Member[]
}

export class StepReplay {
  readonly differences: Difference[] = []
  /** Labels of the steps that were done and compared. */
  readonly steps: string[] = []
  readonly #init: ReplayInit
  /** Blocks are numbered as in the recording until one with several transactions is cut otherwise. */
  #shift = 0

  constructor(init: ReplayInit) {
    this.#init = init
  }

  async run(from: number, to: number): Promise<void> {
    const { blocks, exchanges } = this.#init.recording
    for (const block of blocks.slice(from, to + 1)) {
      if (block.number > 0) await this.#mine(block)
      const now = exchanges.filter(({ atBlock }) => atBlock === block.number)
      for (const exchange of now) await this.#exchange(exchange)
    }
  }

  get #reader(): Member {
    const [first] = this.#init.members
    if (first === undefined) throw new Error('nobody answers')
    return first
  }

  async #mine(block: RecordedBlock): Promise<void> {
    const { groupId, translation, members, membersAt } = this.#init
    const present = membersAt?.(block.number) ?? members
    const sender = present[block.number % present.length] ?? this.#reader
    const raws = block.transactions.map((one) => translation.raw(one))
    const requests = raws.map((raw, id) => ({
      jsonrpc: '2.0',
      method: 'sendRawTransaction',
      params: [groupId, raw],
      id,
    }))
    const hashes: string[] = []
    const answers = await post(sender, requests)
    for (const [index, answer] of Object.values(answers).entries()) {
      const { result }: { readonly result?: string } = JSON.parse(JSON.stringify(answer))
      const recorded = block.transactions[index]
      if (recorded === undefined) throw new Error('more answers than requests')
      // Some steps submit on their own what the next block holds.
      hashes.push(result ?? recorded.hash)
    }
    for (const [index, recorded] of block.transactions.entries()) {
      await this.#compareReceipt(hashes[index] ?? '', block, index)
      this.steps.push(recorded.label)
    }
    await this.#compareHeader(block, hashes)
  }

  async #compareReceipt(hash: string, block: RecordedBlock, index: number): Promise<void> {
    const { groupId, translation } = this.#init
    const recorded = block.transactions[index]
    if (recorded === undefined) return
    let found: unknown = null
    await soon(`the receipt of "${recorded.label}"`, async () => {
      found = await ask(this.#reader, 'getTransactionReceipt', groupId, hash)
      return found !== null
    })
    const isAlone = block.transactions.length === 1 && this.#shift === 0
    const isSame = translation.raw(recorded) === recorded.raw
    const own = [
      ...(isAlone ? [] : ['blockNumber', 'transactionIndex']),
      ...(isSame ? [] : ['transactionHash']),
      ...(isAlone && isSame ? [] : ['root']),
    ]
    const expected = without(translation.value(recorded.receipt), own)
    this.#compare(recorded.label, 'receipt', expected, without(found, own))
  }

  async #compareHeader(block: RecordedBlock, hashes: readonly string[]): Promise<void> {
    const { groupId, translation } = this.#init
    const height = Number(await ask(this.#reader, 'getBlockNumber', groupId))
    const isCutOtherwise = height !== block.number + this.#shift
    this.#shift = height - block.number
    const isSame = block.transactions.every((one) => translation.raw(one) === one.raw)
    if (isCutOtherwise || !isSame || this.#shift !== 0 || hashes.length !== 1) return
    const number = `0x${height.toString(16)}`
    const ours = await ask(this.#reader, 'getBlockByNumber', groupId, number, false)
    const label = block.transactions[0]?.label ?? ''
    this.#compare(label, 'header', only(block.getBlockByNumber, ROOTS), only(ours, ROOTS))
  }

  async #exchange(exchange: RecordedExchange): Promise<void> {
    const { translation, groupId } = this.#init
    const { label, request, response, stable = true } = exchange
    if (!stable) return
    const { method, params } = translation.value(request)
    const own = Array.isArray(params) && params[0] === 1 ? [groupId, ...params.slice(1)] : params
    const ours = await post(this.#reader, { jsonrpc: '2.0', method, params: own, id: 1 })
    this.steps.push(label)
    this.#compare(label, method, translation.value(response), ours)
  }

  #compare(label: string, what: string, recorded: unknown, ours: unknown): void {
    for (const [path, one, other] of differencesOf(strip(recorded), strip(ours))) {
      this.differences.push({ label, what: `${what}${path}`, recorded: one, ours: other })
    }
  }
}

/** Where two JSON values differ: `.result.status`, with both values there. */
function* differencesOf(
  one: unknown,
  other: unknown,
  path = '',
): Generator<readonly [path: string, one: unknown, other: unknown]> {
  if (isDeepStrictEqual(one, other)) return
  if (!isRecord(one) || !isRecord(other)) {
    yield [path, one, other]
    return
  }
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    yield* differencesOf(one[name], other[name], `${path}.${name}`)
  }
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value without what belongs to its block alone. */
function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !OF_THE_BLOCK.has(name))
      .map(([name, one]) => [name, strip(one)]),
  )
}

function without(value: unknown, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(Object(value)).filter(([name]) => !names.includes(name)))
}

function only(value: unknown, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(Object(value)).filter(([name]) => names.includes(name)))
}

/** Does recorded steps on a running network, and compares. */
import { isDeepStrictEqual } from 'node:util'
import { type Journal, type Json, type Member, soon } from './network.ts'
import type {
  RecordedBlock,
  RecordedExchange,
  RecordedTransaction,
  Recording,
  Translation,
} from './recording.ts'

/** What names a block, or was decided by the time and the keys of its makers. */
const OF_THE_BLOCK: ReadonlySet<string> = new Set([
  'blockHash',
  'parentHash',
  'timestamp',
  'sealer',
  'sealerList',
  'signatureList',
])

/** Of headers: what execution decides; the root of transactions is that of their signatures too. */
const ROOTS = ['stateRoot', 'dbHash', 'receiptsRoot', 'gasUsed', 'logsBloom']

/** Answers of native contracts that refuse: negative numbers of 256 bits. */
const CODES = { min: -60_000n, max: -50_000n }
const WORD_DIGITS = 64

export interface Difference {
  readonly label: string
  /** `receipt.output`, `call.result.status`, … */
  readonly what: string
  readonly recorded: unknown
  readonly ours: unknown
}

export interface ReplayInit {
  readonly recording: Recording
  readonly translation: Translation
  readonly groupId: number
  /** Who takes transactions; the first answers. */
  readonly members: readonly Member[]
  readonly journal: Journal
}

export class StepReplay {
  readonly differences: Difference[] = []
  readonly #init: ReplayInit
  /** Blocks are numbered as in the recording until one with many transactions is cut otherwise. */
  #shift = 0

  constructor(init: ReplayInit) {
    this.#init = init
  }

  async run(): Promise<void> {
    const { blocks, exchanges } = this.#init.recording
    for (const block of blocks) {
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
    const { groupId, translation, members, journal } = this.#init
    const sender = members[block.number % members.length] ?? this.#reader
    const requests = block.transactions.map((one, id) => ({
      jsonrpc: '2.0',
      method: 'sendRawTransaction',
      params: [groupId, translation.raw(one)],
      id,
    }))
    const answers = Object.values(await sender.post(requests))
    for (const [index, recorded] of block.transactions.entries()) {
      // A node that is no member just now refuses, and some steps submitted what this block holds on their own.
      const hash: unknown = Object(answers[index]).result ?? (await this.#resubmitted(recorded))
      await this.#compareReceipt(String(hash), { block, recorded })
      journal.steps.push(recorded.label)
    }
    await this.#compareHeader(block)
  }

  async #resubmitted(recorded: RecordedTransaction): Promise<unknown> {
    const { groupId, translation } = this.#init
    const params = [groupId, translation.raw(recorded)]
    const answer = await this.#reader.post({
      jsonrpc: '2.0',
      method: 'sendRawTransaction',
      params,
      id: 1,
    })
    return answer['result'] ?? recorded.hash
  }

  async #compareReceipt(
    hash: string,
    { block, recorded }: { readonly block: RecordedBlock; readonly recorded: RecordedTransaction },
  ): Promise<void> {
    const { groupId, translation } = this.#init
    let found: unknown = null
    await soon(`the receipt of "${recorded.label}"`, async () => {
      found = await this.#reader.ask('getTransactionReceipt', groupId, hash)
      return found !== null
    })
    const isAlone = block.transactions.length === 1 && this.#shift === 0
    const isSame = translation.raw(recorded) === recorded.raw
    const own = [
      ...(isAlone ? [] : ['blockNumber', 'transactionIndex']),
      ...(isSame ? [] : ['transactionHash']),
      ...(isAlone && !translation.namesNode(recorded) ? [] : ['root']),
    ]
    this.#noteCodes(Object(found).output)
    const expected = without(translation.value(recorded.receipt), own)
    this.#compare(recorded.label, 'receipt', [expected, without(found, own)])
  }

  async #compareHeader(block: RecordedBlock): Promise<void> {
    const { groupId, translation } = this.#init
    const height = await this.#reader.heightOf(groupId)
    const isCutOtherwise = height !== block.number
    this.#shift = height - block.number
    const [alone, ...others] = block.transactions
    if (isCutOtherwise || alone === undefined || others.length > 0) return
    if (translation.namesNode(alone)) return
    const isSame = translation.raw(alone) === alone.raw
    const roots = isSame ? [...ROOTS, 'transactionsRoot'] : ROOTS
    const number = `0x${height.toString(16)}`
    const ours = await this.#reader.ask('getBlockByNumber', groupId, number, false)
    this.#compare(alone.label, 'header', [only(block.getBlockByNumber, roots), only(ours, roots)])
  }

  async #exchange(exchange: RecordedExchange): Promise<void> {
    const { translation, groupId, journal } = this.#init
    const { label, request, response, stable = true } = exchange
    if (!stable) return
    const { method, params } = translation.value(request)
    const own = Array.isArray(params) && params[0] === 1 ? [groupId, ...params.slice(1)] : params
    const ours = await this.#reader.post({ jsonrpc: '2.0', method, params: own, id: 1 })
    journal.steps.push(label)
    this.#noteCodes(Object(ours['result']).output)
    this.#compare(label, method, [this.#placed(translation.value(response)), this.#placed(ours)])
  }

  /** An answer that tells the height tells our own, once blocks were cut otherwise. */
  #placed(answer: Json): Json {
    const { result } = answer
    if (this.#shift === 0 || typeof result !== 'object' || result === null) return answer
    return { ...answer, result: without(result, ['currentBlockNumber', 'blockNumber']) }
  }

  #compare(label: string, what: string, [recorded, ours]: readonly [unknown, unknown]): void {
    for (const [path, one, other] of differencesOf(strip(recorded), strip(ours))) {
      this.differences.push({ label, what: `${what}${path}`, recorded: one, ours: other })
    }
  }

  #noteCodes(output: unknown): void {
    if (typeof output !== 'string') return
    for (const code of codesIn(output)) this.#init.journal.codes.add(code)
  }
}

function* codesIn(output: string): Generator<number> {
  for (let at = 2; at + WORD_DIGITS <= output.length; at += WORD_DIGITS) {
    const word = BigInt.asIntN(256, BigInt(`0x${output.slice(at, at + WORD_DIGITS)}`))
    if (word > CODES.min && word <= CODES.max) yield Number(word)
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

/** A value without what belongs to its block alone; a block's own hash is one of it. */
function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip)
  if (!isRecord(value)) return value
  const isBlock = 'parentHash' in value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !OF_THE_BLOCK.has(name) && !(isBlock && name === 'hash'))
      .map(([name, one]) => [name, strip(one)]),
  )
}

function without(value: unknown, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(Object(value)).filter(([name]) => !names.includes(name)))
}

function only(value: unknown, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(Object(value)).filter(([name]) => names.includes(name)))
}

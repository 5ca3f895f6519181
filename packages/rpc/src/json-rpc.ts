import {
  type Clock,
  isBcosError,
  InvariantViolation,
  type Logger,
  messageOf,
  systemClock,
} from '@bcos-ts/common'
import { RpcError } from './errors.ts'
import { compactJson, isJsonObject, type JsonObject, type JsonValue } from './json.ts'
import type { Call, Method, MethodTable, RpcCaller, RpcServices } from './method.ts'
import { readAhead } from './methods/execution.ts'
import { groupMethods, methods } from './methods/index.ts'
import { parseJson } from './parse-json.ts'
import { Turns } from './turns.ts'

const BATCH_MAX = 1000

export interface JsonRpcOptions {
  /** Requests of one batch; a longer one is an invalid request. @default 1000 */
  readonly batchMax?: number
  /** @default the system's */
  readonly clock?: Clock
}

/** Answers JSON-RPC texts (spec 02 §13). One for all transports of a node. */
export class JsonRpc {
  readonly #services: RpcServices
  readonly #log: Logger
  readonly #batchMax: number
  readonly #turns: Turns
  readonly #methods: MethodTable = methods

  constructor(services: RpcServices, logger: Logger, options: JsonRpcOptions = {}) {
    this.#services = services
    this.#log = logger.child('RPC')
    this.#batchMax = options.batchMax ?? BATCH_MAX
    this.#turns = new Turns(options.clock ?? systemClock)
  }

  /** The answer to a request, or to a batch of them. Never rejects for anything a client can send. */
  async handle(text: string, caller: RpcCaller): Promise<string> {
    return compactJson(await this.#answerText(text, caller))
  }

  async #answerText(text: string, caller: RpcCaller): Promise<JsonValue> {
    const request = parseJson(text)
    if (request === undefined) return failure(new RpcError('RPC_PARSE_ERROR'), null)
    if (!Array.isArray(request)) return this.#answer(request, caller)
    if (request.length === 0 || request.length > this.#batchMax) {
      return failure(new RpcError('RPC_INVALID_REQUEST'), null)
    }
    const opened = request.map((one) => this.#open(one, caller))
    const call = { ...this.#services, caller }
    const ahead = await readAhead(opened.filter(isOpened), call)
    const answers: JsonValue[] = []
    for (const one of opened) {
      const answer = isOpened(one) ? this.#inTurn(one, { ...call, ahead }) : one
      answers.push(answer instanceof Promise ? await answer : answer)
    }
    return answers
  }

  #answer(request: JsonValue, caller: RpcCaller): JsonValue | Promise<JsonValue> {
    const opened = this.#open(request, caller)
    return isOpened(opened) ? this.#inTurn(opened, { ...this.#services, caller }) : opened
  }

  /** A promise only where one is needed: most answers are there at once, and a batch may hold a thousand of them. */
  #inTurn(opened: OpenedRequest, call: Call): JsonValue | Promise<JsonValue> {
    if (this.#turns.isOver) return this.#turns.run(() => this.#run(opened, call))
    return this.#run(opened, call)
  }

  /** A request that may run, or the answer to one that may not. */
  #open(request: JsonValue, caller: RpcCaller): OpenedRequest | JsonObject {
    const id = idOf(request)
    if (!isRequest(request)) return failure(new RpcError('RPC_INVALID_REQUEST'), id)
    const { method: name, params } = request
    const values = Array.isArray(params) ? params : []
    try {
      caller.admit?.(name, groupMethods.has(name) ? groupIdOf(values) : undefined)
      const method = this.#methods.get(name)
      if (method === undefined) throw new RpcError('RPC_METHOD_NOT_FOUND')
      if (!Object.hasOwn(request, 'id')) throw new RpcError('RPC_NOTIFICATION')
      return { id, name, method, values }
    } catch (error) {
      return failure(this.#asRpcError(error, name), id)
    }
  }

  #run(opened: OpenedRequest, call: Call): JsonValue | Promise<JsonValue> {
    const { id, name, method, values } = opened
    try {
      const result = method.run(call, values)
      if (result instanceof Promise) return this.#answerLater(opened, result)
      return { id, jsonrpc: '2.0', result }
    } catch (error) {
      return failure(this.#asRpcError(error, name), id)
    }
  }

  async #answerLater({ id, name }: OpenedRequest, promise: Promise<JsonValue>): Promise<JsonValue> {
    try {
      return { id, jsonrpc: '2.0', result: await promise }
    } catch (error) {
      return failure(this.#asRpcError(error, name), id)
    }
  }

  #asRpcError(error: unknown, method: string): RpcError {
    if (error instanceof RpcError) return error
    if (error instanceof InvariantViolation) throw error
    const level = isBcosError(error) ? 'debug' : 'error'
    this.#log.log(level, 'Method failed', { method, reason: messageOf(error) })
    return new RpcError('RPC_INTERNAL', messageOf(error))
  }
}

/** A request that was found good and admitted. */
interface OpenedRequest {
  readonly id: JsonValue
  readonly name: string
  readonly method: Method
  readonly values: readonly JsonValue[]
}

function isOpened(one: OpenedRequest | JsonObject): one is OpenedRequest {
  return 'method' in one
}

interface Request extends JsonObject {
  readonly method: string
  readonly params?: JsonValue
}

function isId(value: JsonValue | undefined): value is string | number | null {
  return value === null || typeof value === 'string' || Number.isInteger(value)
}

function idOf(request: JsonValue): JsonValue {
  const id = isJsonObject(request) ? request['id'] : null
  return isId(id) ? id : null
}

function isRequest(request: JsonValue): request is Request {
  if (!isJsonObject(request)) return false
  const { jsonrpc, method, params, id } = request
  const isParams = params === undefined || typeof params === 'object'
  return (
    jsonrpc === '2.0' && typeof method === 'string' && isParams && (id === undefined || isId(id))
  )
}

function groupIdOf([first]: readonly JsonValue[]): number | undefined {
  return typeof first === 'number' && Number.isInteger(first) ? first : undefined
}

/** Numbers whose failures are found before a method runs: they carry no `data`. */
const BEFORE_THE_CALL: ReadonlySet<number> = new Set([
  -32_700, -32_600, -32_601, -32_602, -32_604, -40_011, -40_012,
])

function failure(error: RpcError, id: JsonValue): JsonObject {
  const { number: code, message } = error
  const body = BEFORE_THE_CALL.has(code) ? { code, message } : { code, data: null, message }
  return { error: body, id, jsonrpc: '2.0' }
}

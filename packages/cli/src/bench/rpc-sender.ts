import { Agent, request } from 'node:http'
import { messageOf } from '@bcos-ts/common'
import { BenchFailedError } from '../errors.ts'

/** What became of a batch, in the order of its transactions: `undefined` for one that was taken, else the node's words. */
export type BatchOutcome = readonly (string | undefined)[]

interface Answer {
  readonly error?: { readonly message?: string }
}

/**
 * Posts transactions as JSON-RPC over kept connections, to the nodes in turn. One of its own, because the client of
 * the SDK sends one request at a time, and because what the load costs is to be small beside what it measures.
 */
export class RpcSender {
  readonly #urls: readonly URL[]
  readonly #groupId: number
  readonly #agent: Agent
  #next = 0

  /** `connections` are those to each node. */
  constructor(urls: readonly string[], groupId: number, connections: number) {
    this.#urls = urls.map((url) => new URL(url))
    this.#groupId = groupId
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  /** Texts are `0x` and the encoded transaction. A single one is sent as a request, several as a batch. */
  async send(texts: readonly string[]): Promise<BatchOutcome> {
    const url = this.#urls[this.#next % this.#urls.length]
    this.#next += 1
    if (url === undefined) throw new BenchFailedError('there is no node to send to')
    const requests = texts.map(
      (text, id) =>
        `{"jsonrpc":"2.0","id":${id},"method":"sendRawTransaction","params":[${this.#groupId},"${text}"]}`,
    )
    const [single = ''] = requests
    const answer = await this.#post(url, texts.length === 1 ? single : `[${requests.join(',')}]`)
    return outcomesOf(answer, texts.length)
  }

  close(): void {
    this.#agent.destroy()
  }

  #post(url: URL, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void =>
        reject(new BenchFailedError(`${url.host} does not answer: ${messageOf(error)}`, error))
      const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length }
      const posting = request(url, { method: 'POST', agent: this.#agent, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => (text += piece))
        response.on('end', () => resolve(text))
        response.on('error', fail)
      })
      posting.on('error', fail)
      posting.end(body)
    })
  }
}

function outcomesOf(text: string, count: number): BatchOutcome {
  const parsed: Answer | readonly Answer[] = JSON.parse(text)
  const answers: readonly Answer[] = Array.isArray(parsed) ? parsed : [parsed]
  if (answers.length !== count) {
    throw new BenchFailedError(
      `a batch of ${count} got ${answers.length} answers: ${text.trim().slice(0, 200)}`,
    )
  }
  return answers.map(({ error }) => error && (error.message ?? 'refused without a word'))
}

/** The way from one node to the address of another, on which bytes may be late, few, lost or refused. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Flow } from './plan.ts'
import type { Weather } from './weather.ts'

const HOST = '127.0.0.1'
const LATE_MS = 400
const DRIP_BYTES = 200
const DRIP_MS = 100

export interface FaultProxyInit {
  /** Who dials, and who is dialled. */
  readonly flow: Flow
  readonly targetPort: number
  readonly weather: Weather
}

/** Listens in place of a node, for one other node. */
export class FaultProxy {
  readonly #init: FaultProxyInit
  readonly #server: Server
  readonly #tunnels = new Set<Tunnel>()
  readonly #stopHearing: () => void

  constructor(init: FaultProxyInit) {
    this.#init = init
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket))
    this.#stopHearing = init.weather.onChange(() => {
      if (this.#isCut) for (const tunnel of this.#tunnels) tunnel.reset()
    })
  }

  /** The port. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, HOST, () => {
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  }

  close(): void {
    this.#stopHearing()
    for (const tunnel of this.#tunnels) tunnel.reset()
    this.#server.close()
  }

  get #isCut(): boolean {
    const { weather, flow } = this.#init
    return weather.of(flow) === 'cut' || weather.of(reverse(flow)) === 'cut'
  }

  #accept(socket: Socket): void {
    if (this.#isCut) {
      socket.on('error', () => {})
      socket.resetAndDestroy()
      return
    }
    const tunnel = new Tunnel(socket, this.#init)
    this.#tunnels.add(tunnel)
    void tunnel.run().then(() => this.#tunnels.delete(tunnel))
  }
}

function reverse([from, to]: Flow): Flow {
  return [to, from]
}

/** One connection through a proxy. */
class Tunnel {
  readonly #near: Socket
  readonly #init: FaultProxyInit
  #far: Socket | undefined
  #isOver = false

  constructor(near: Socket, init: FaultProxyInit) {
    this.#near = near
    this.#init = init
    near.on('error', () => {})
  }

  reset(): void {
    this.#isOver = true
    this.#near.resetAndDestroy()
    this.#far?.resetAndDestroy()
  }

  async run(): Promise<void> {
    const { flow, targetPort } = this.#init
    // The first packet of a connection goes the same way as the others.
    const isLost = (await this.#admission(flow)) === 'lost'
    if (isLost) return swallow(this.#near)
    if (this.#isOver) return
    const far = connect({ host: HOST, port: targetPort, allowHalfOpen: true })
    far.on('error', () => {})
    this.#far = far
    await Promise.all([
      this.#carry(flow, this.#near, far),
      this.#carry(reverse(flow), far, this.#near),
    ])
  }

  /** Bytes in their order, until either end is gone. What lost some is never whole again, and nobody is told. */
  async #carry(flow: Flow, source: Socket, target: Socket): Promise<void> {
    let isWhole = true
    try {
      for await (const piece of source) {
        if (isWhole) isWhole = await this.#pass(flow, piece, target)
      }
      if (isWhole && (await this.#admission(flow)) === 'pass') target.end()
      else source.destroy()
    } catch {
      // A reset travels like anything else.
      if (isWhole && (await this.#admission(flow)) === 'pass') target.resetAndDestroy()
    }
  }

  /** `false`: the bytes are lost. */
  async #pass(flow: Flow, piece: Uint8Array, target: Socket): Promise<boolean> {
    let rest = piece
    while (rest.length > 0 && !this.#isOver) {
      if ((await this.#admission(flow)) === 'lost') return false
      const isDripping = this.#init.weather.of(flow) === 'trickle'
      const part = isDripping ? rest.subarray(0, DRIP_BYTES) : rest
      rest = rest.subarray(part.length)
      await written(target, part)
      if (isDripping) await sleep(DRIP_MS)
    }
    return true
  }

  /** Waits as long as nothing gets through. */
  async #admission(flow: Flow): Promise<'pass' | 'lost'> {
    const { weather } = this.#init
    if (weather.of(flow) === 'delay') await sleep(LATE_MS)
    while (weather.of(flow) === 'stall' && !this.#isOver) {
      await new Promise<void>((resolve) => {
        const stop = weather.onChange(() => {
          stop()
          resolve()
        })
      })
    }
    return weather.of(flow) === 'blackhole' ? 'lost' : 'pass'
  }
}

/** Reads without an answer until the other end gives up: nobody is told. */
async function swallow(source: Socket): Promise<void> {
  source.resume()
  if (source.destroyed) return
  await new Promise<void>((resolve) => {
    source.once('end', () => {
      source.destroy()
      resolve()
    })
    source.once('close', () => resolve())
  })
}

function written(target: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    // Also a failure ends here: whoever reads from the target hears of it.
    target.write(bytes, () => resolve())
  })
}

/**
 * What every {@link Transport} must do, as a vitest suite. A transport of your own proves itself with it.
 * @module
 */
import { equalBytes, isBcosError } from '@bcos-ts/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connection, Transport } from './transport.ts'

export interface TransportSetup {
  /**
   * A fresh transport with an identity and an address of its own, in the same network as all others of
   * this setup. At most `connectionsMax` inbound connections.
   */
  create(options: { readonly connectionsMax: number }): Promise<Transport>
}

const record = (connection: Connection): Recorder => new Recorder(connection)

/** What came out of one connection. */
class Recorder {
  readonly connection: Connection
  readonly #pieces: Uint8Array[] = []
  readonly #waiting: { isDone: () => boolean; resolve: () => void }[] = []
  closedBecause: string | undefined

  constructor(connection: Connection) {
    this.connection = connection
    connection.open({
      onData: (piece) => {
        if (this.closedBecause !== undefined) throw new Error('bytes came after the end')
        this.#pieces.push(piece)
        this.#wake()
      },
      onClose: (reason) => {
        if (this.closedBecause !== undefined) throw new Error('the end was told twice')
        this.closedBecause = reason
        this.#wake()
      },
    })
  }

  get bytes(): Uint8Array {
    const whole = new Uint8Array(this.length)
    let at = 0
    for (const piece of this.#pieces) {
      whole.set(piece, at)
      at += piece.length
    }
    return whole
  }

  get length(): number {
    return this.#pieces.reduce((sum, piece) => sum + piece.length, 0)
  }

  async received(count: number): Promise<Uint8Array> {
    await this.#until(() => this.length >= count)
    return this.bytes
  }

  async closed(): Promise<void> {
    await this.#until(() => this.closedBecause !== undefined)
  }

  #until(isDone: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isDone, resolve })
      this.#wake()
    })
  }

  #wake(): void {
    for (const { isDone, resolve } of this.#waiting) if (isDone()) resolve()
  }
}

/** Applies the suite to a transport. */
export function describeTransport(name: string, setup: TransportSetup): void {
  describe(`Transport compliance: ${name}`, () => {
    let server: Transport
    let client: Transport
    let address: string
    let accepted: Connection[]
    let onAccepted: (() => void) | undefined

    const accept = async (): Promise<Connection> => {
      for (;;) {
        const connection = accepted.shift()
        if (connection !== undefined) return connection
        await new Promise<void>((resolve) => {
          onAccepted = resolve
        })
      }
    }
    const pair = async (): Promise<{ near: Connection; far: Connection }> => {
      const near = await client.dial(address)
      return { near, far: await accept() }
    }

    beforeEach(async () => {
      accepted = []
      server = await setup.create({ connectionsMax: 2 })
      client = await setup.create({ connectionsMax: 2 })
      address = await server.listen((connection) => {
        accepted.push(connection)
        onAccepted?.()
      })
    })

    afterEach(async () => {
      await client.close()
      await server.close()
    })

    it('proves each end to the other', async () => {
      const { near, far } = await pair()
      expect(near.peer).toEqual(server.self)
      expect(far.peer).toEqual(client.self)
      expect(near.peer.nodeId).toMatch(/^[0-9a-f]{128}$/)
      near.close('done')
      far.close('done')
    })

    it('carries bytes both ways, in order, whatever their size', async () => {
      const { near, far } = await pair()
      const large = new Uint8Array(3_000_000).map((_, i) => (i * 7919) >>> 8)
      const a = record(near)
      const b = record(far)
      near.write(Uint8Array.of(1, 2, 3))
      near.write(large)
      near.write(Uint8Array.of(4))
      far.write(Uint8Array.of(9))
      expect(await a.received(1)).toEqual(Uint8Array.of(9))
      const got = await b.received(large.length + 4)
      expect(got.subarray(0, 3)).toEqual(Uint8Array.of(1, 2, 3))
      expect(equalBytes(got.subarray(3, -1), large)).toBe(true)
      expect(got.at(-1)).toBe(4)
      near.close('done')
    })

    it('keeps what arrives before the connection is opened', async () => {
      const { near, far } = await pair()
      near.write(Uint8Array.of(5, 6))
      record(near)
      await new Promise<void>((resolve) => void setTimeout(resolve, 20))
      expect(await record(far).received(2)).toEqual(Uint8Array.of(5, 6))
      near.close('done')
    })

    it('sends what was written before it closes, and tells both ends once', async () => {
      const { near, far } = await pair()
      const a = record(near)
      const b = record(far)
      near.write(new Uint8Array(100_000).fill(1))
      near.close('enough')
      near.close('again')
      near.write(Uint8Array.of(2))
      await b.closed()
      expect(b.length).toBe(100_000)
      await a.closed()
      expect(a.closedBecause).toBe('enough')
    })

    it('shows how much a peer that does not read leaves waiting', async () => {
      const { near, far } = await pair()
      record(near)
      const piece = new Uint8Array(1_000_000)
      for (let i = 0; i < 40; i++) near.write(piece)
      expect(near.pendingBytes).toBeGreaterThan(20_000_000)
      near.close('slow')
      record(far)
    })

    it('refuses connections beyond its limit, and takes new ones when places are free', async () => {
      const first = await pair()
      const second = await pair()
      const third = await client.dial(address).then(
        async (connection) => {
          await record(connection).closed()
          return 'closed'
        },
        (error: unknown) => (isBcosError(error) ? error.code : error),
      )
      expect(['closed', 'NETWORK_DIAL_FAILED']).toContain(third)
      const closing = [record(first.near), record(first.far)]
      first.near.close('make room')
      for (const end of closing) await end.closed()
      const fourth = await pair()
      for (const one of [second, fourth]) one.near.close('done')
    })

    it('says so when nobody listens, or the address is none', async () => {
      const lonely = await setup.create({ connectionsMax: 1 })
      const gone = await lonely.listen(() => {})
      await lonely.close()
      await expect(client.dial(gone)).rejects.toMatchObject({ code: 'NETWORK_DIAL_FAILED' })
      await expect(client.dial('nowhere')).rejects.toMatchObject({
        code: 'NETWORK_INVALID_ENDPOINT',
      })
    })

    it('keeps its connections when it stops listening', async () => {
      const { near, far } = await pair()
      const got = record(far).received(1)
      await server.close()
      near.write(Uint8Array.of(7))
      expect(await got).toEqual(Uint8Array.of(7))
      near.close('done')
    })
  })
}

import { concatBytes } from '@bcos-ts/common'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type BatchSuite,
  guomiSuite,
  inlineSignatureBatches,
  type SignatureBatches,
  type SignedBatch,
  standardSuite,
} from '../src/index.ts'
import { MEASUREMENTS } from '../src/node/batches/sharing.ts'
import {
  createNodeSuites,
  createSignatureBatches,
  type SignatureBatchesOptions,
} from '../src/node/index.ts'
import { createWasmSuites } from '../src/wasm/index.ts'

const native = await createNodeSuites()
const wasm = await createWasmSuites()

/** Threads run compiled code, which `npm test` makes first. */
const workerFile = new URL('../dist/node/batches/batch-worker.js', import.meta.url)

/** Signatures of seven signers; every fifth is spoilt, in r, s, v, the digest or the key. */
function batchOf(suite: BatchSuite, count: number): SignedBatch {
  const signers = Array.from({ length: 7 }, (_, i) => suite.keyPair(new Uint8Array(32).fill(i + 1)))
  const items = Array.from({ length: count }, (_, i) => {
    const keys = signers[i % 7]!
    const digest = suite.hash(Uint8Array.of(i, i >> 8))
    const signature = suite.sign(digest, keys)
    const publicKey = keys.publicKey.slice()
    const spoilt = [signature, digest, publicKey][i % 3]!
    if (i % 5 === 0) spoilt[(i * 7) % spoilt.length]! ^= 0x40
    return { digest, signature, publicKey }
  })
  return {
    count,
    digests: concatBytes(...items.map(({ digest }) => digest)),
    signatures: concatBytes(...items.map(({ signature }) => signature)),
    publicKeys: concatBytes(...items.map(({ publicKey }) => publicKey)),
  }
}

function* each(suite: BatchSuite, { count, digests, signatures, publicKeys }: SignedBatch) {
  const bytes = suite.signatureBytes
  for (let i = 0; i < count; i++) {
    yield {
      digest: digests.subarray(32 * i, 32 * i + 32),
      signature: signatures.subarray(bytes * i, bytes * (i + 1)),
      publicKey: publicKeys.subarray(64 * i, 64 * i + 64),
    }
  }
}

const SUITES = [
  ['portable standard', standardSuite, 12],
  ['portable guomi', guomiSuite, 12],
  ['WebAssembly standard', wasm.standard, 70],
  ['WebAssembly guomi', wasm.guomi, 70],
  ['native standard', native.standard, 70],
  ['node guomi', native.guomi, 70],
] as const

describe.each(SUITES)('a batch of signatures, %s', (_, suite, count) => {
  const batch = batchOf(suite, count)

  it('has the signers and addresses of the single signatures', () => {
    const { publicKeys, addresses, valid } = suite.recoverMany(batch)
    const expected = [...each(suite, batch)].map(({ signature, digest }) =>
      suite.recover(signature, digest),
    )
    const none = new Uint8Array(64)
    expect([...valid]).toEqual(expected.map((key) => (key === undefined ? 0 : 1)))
    expect(publicKeys).toEqual(concatBytes(...expected.map((key) => key ?? none)))
    const addressesOfAll = expected.map((key) => (key ? suite.address(key) : new Uint8Array(20)))
    expect(addresses).toEqual(concatBytes(...addressesOfAll))
  })

  it('is verified as the single signatures are, signers known or not', () => {
    const expected = [...each(suite, batch)].map(({ signature, digest, publicKey }) =>
      suite.verify(signature, digest, publicKey) ? 1 : 0,
    )
    expect(expected).toContain(1)
    expect(expected).toContain(0)
    for (let i = 0; i < 3; i++) expect([...suite.verifyMany(batch)]).toEqual(expected)
  })

  it('writes over what was in the room that it is given', () => {
    const room = suite.recoverMany(batch)
    const clean = structuredClone(room)
    for (const bytes of Object.values(room)) bytes.fill(0xee)
    expect(suite.recoverMany(batch, room)).toEqual(clean)
  })

  it('may be empty, and has to be whole', () => {
    const nothing = new Uint8Array(0)
    const empty = { count: 0, digests: nothing, signatures: nothing, publicKeys: nothing }
    expect(suite.recoverMany(empty).valid).toHaveLength(0)
    expect(suite.verifyMany(empty)).toHaveLength(0)
    expect(() => suite.recoverMany({ ...batch, count: count - 1 })).toThrow(RangeError)
    expect(() => suite.recoverMany({ ...batch, digests: nothing })).toThrow(RangeError)
    expect(() => suite.verifyMany({ ...batch, publicKeys: nothing })).toThrow(RangeError)
  })
})

describe('threads', () => {
  const open: SignatureBatches[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map(async (batches) => batches.close()))
  })

  async function threaded(
    suite: BatchSuite,
    options: SignatureBatchesOptions = {},
  ): Promise<SignatureBatches> {
    const batches = createSignatureBatches(suite, { threads: 2, workerFile, ...options })
    open.push(batches)
    await vi.waitFor(() => expect(batches.threads).toBe(2), { timeout: 20_000 })
    // The first batches only tell what a signature costs.
    const first = batchOf(suite, 8)
    for (let i = 0; i < MEASUREMENTS; i++) {
      await batches.recover(first)
      await batches.verify(first)
    }
    return batches
  }

  it.each([
    ['standard', native.standard],
    ['guomi', native.guomi],
  ])('give the answers of this one, %s', async (_, suite) => {
    const batches = await threaded(suite)
    const inline = inlineSignatureBatches(suite)
    for (const count of [1, 7, 8, 65, 333]) {
      const batch = batchOf(suite, count)
      expect(await batches.recover(batch)).toEqual(await inline.recover(batch))
      expect(await batches.verify(batch)).toEqual(await inline.verify(batch))
      expect(batches.recoverInline(batch)).toEqual(inline.recoverInline(batch))
      expect(batches.verifyInline(batch)).toEqual(inline.verifyInline(batch))
    }
    expect(batches.threads).toBe(2)
  })

  it('take more than they hold, and batches that come while they work', async () => {
    const suite = native.standard
    const batches = await threaded(suite)
    const part = batchOf(suite, 100)
    const many = 90
    const long = {
      count: 100 * many,
      digests: concatBytes(...Array.from({ length: many }, () => part.digests)),
      signatures: concatBytes(...Array.from({ length: many }, () => part.signatures)),
    }
    const expected = suite.recoverMany(part)
    const asked = [batches.recover(long), batches.recover(part), batches.verify(part)] as const
    // The buffers are the caller's again.
    part.digests.fill(0)
    const [longAnswer, answer] = await Promise.all(asked)
    expect(answer).toEqual(expected)
    for (const at of [0, many - 1]) {
      const valid = longAnswer.valid.subarray(100 * at, 100 * at + 100)
      expect(valid).toEqual(expected.valid)
      const keys = longAnswer.publicKeys.subarray(6400 * at, 6400 * at + 6400)
      expect(keys).toEqual(expected.publicKeys)
    }
  })

  it('may die at work: this one takes over', async () => {
    const dying = `
      import { parentPort, workerData } from 'node:worker_threads'
      const words = new Int32Array(workerData.memory)
      parentPort.on('message', () => {
        Atomics.store(words, 3 + workerData.owner, workerData.owner)
        process.exit(1)
      })
      parentPort.postMessage('ready')`
    const suite = native.standard
    const batches = await threaded(suite, {
      workerFile: new URL(`data:text/javascript,${encodeURIComponent(dying)}`),
    })
    const batch = batchOf(suite, 200)
    expect(await batches.recover(batch)).toEqual(suite.recoverMany(batch))
    expect(batches.threads).toBe(0)
    expect(await batches.verify(batch)).toEqual(suite.verifyMany(batch))
  })

  it('may be missing, or throw at the start: everything is inline', async () => {
    const suite = native.standard
    const batch = batchOf(suite, 70)
    for (const text of ['throw new Error()', 'syntax error']) {
      const file = new URL(`data:text/javascript,${encodeURIComponent(text)}`)
      const batches = createSignatureBatches(suite, { threads: 2, workerFile: file })
      open.push(batches)
      expect(await batches.recover(batch)).toEqual(suite.recoverMany(batch))
      await batches.close()
      expect(await batches.recover(batch)).toEqual(suite.recoverMany(batch))
    }
  })

  it('are ended by closing, with a batch in hand too', async () => {
    const suite = native.standard
    const batches = await threaded(suite)
    const batch = batchOf(suite, 500)
    const waiting = batches.recover(batch)
    await batches.close()
    expect(await waiting).toEqual(suite.recoverMany(batch))
    expect(batches.threads).toBe(0)
    expect(await batches.recover(batch)).toEqual(suite.recoverMany(batch))
    await batches.close()
  })

  it('are none where nobody asks for them on one core', async () => {
    const batches = createSignatureBatches(native.standard, { threads: 0 })
    expect(batches.threads).toBe(0)
    const batch = batchOf(native.standard, 70)
    expect(await batches.recover(batch)).toEqual(native.standard.recoverMany(batch))
    await batches.close()
  })
})

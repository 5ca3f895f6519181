import { concatBytes, toHex } from '@bcos-ts/common'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import smCrypto from 'sm-crypto'
import { bench, describe } from 'vitest'
import {
  guomiSuite,
  portableEcdsa,
  portableKeccak256,
  type SignedBatch,
  sm3,
  standardSuite,
} from '../src/index.ts'
import { createNodeSuites, nativeEcdsa, opensslSm2, opensslSm3 } from '../src/node/index.ts'
import { createWasmSuites, wasmEcdsa, wasmKeccak256, wasmSm2, wasmSm3 } from '../src/wasm/index.ts'

/** Ratios that are promised, against the yardstick of the same run. */
const TARGETS: Readonly<Record<string, number>> = {
  'recover, engine in use': 15,
  'recover, WebAssembly': 10,
  'verifyMany of 256, 8 signers': 4,
  'verifyMany of 256, all different': 2,
  'SM2 verify, unknown signer': 80,
  'SM2 verify, known signer': 200,
  'keccak256 of 32 bytes': 8,
}

const { standard, guomi } = await createNodeSuites()
const wasm = await createWasmSuites()
const ecdsa = wasmEcdsa() ?? portableEcdsa
const native = nativeEcdsa() ?? portableEcdsa
const options = { time: 300, warmupTime: 50 }

/** A new message each time would measure its making; a block has about this many different ones. */
const digests = Array.from({ length: 64 }, (_, i) => sha256(Uint8Array.of(i)))
const secretKey = sha256(Uint8Array.of(1))
const keys = standard.keyPair(secretKey)
const signed = digests.map((digest) => ({ digest, signature: standard.sign(digest, keys) }))
const guomiKeys = guomi.keyPair(secretKey)
const guomiSigned = digests.map((digest) => ({ digest, signature: guomi.sign(digest, guomiKeys) }))
/** Each key signs once, so that it never becomes known; more of them than one measurement uses up. */
const strangers = Array.from({ length: 4000 }, (_, i) => {
  const stranger = guomi.keyPair(sha256(Uint8Array.of(i, i >> 8)))
  return { digest: digests[0]!, signature: guomi.sign(digests[0]!, stranger) }
})

/** As many signatures, each with the key that made it, of so many signers. */
function claimed(count: number, signers: number): SignedBatch {
  const pairs = Array.from({ length: signers }, (_, i) =>
    standard.keyPair(sha256(Uint8Array.of(i, i >> 8, 1))),
  )
  const each = Array.from({ length: count }, (_, i) => {
    const digest = sha256(Uint8Array.of(i, i >> 8))
    const pair = pairs[i % signers]!
    return { digest, signature: standard.sign(digest, pair), publicKey: pair.publicKey }
  })
  return { ...packed(each), publicKeys: concatBytes(...each.map(({ publicKey }) => publicKey)) }
}

interface Signed {
  readonly digest: Uint8Array
  readonly signature: Uint8Array
}

function inTurn(all: readonly Signed[]): () => Signed {
  let next = 0
  return () => all[next++ % all.length]!
}

function packed(all: readonly Signed[]) {
  return {
    count: all.length,
    digests: concatBytes(...all.map(({ digest }) => digest)),
    signatures: concatBytes(...all.map(({ signature }) => signature)),
  }
}

function smCryptoVerify({ digest, signature }: Signed): boolean {
  const publicKey = `04${toHex(guomiKeys.publicKey)}`
  const rs = toHex(signature.subarray(0, 64))
  return smCrypto.sm2.doVerifySignature([...digest], rs, publicKey, { hash: true, publicKey })
}

/** Fresh engines would know nobody: the unknown signers of a run are forgotten with theirs. */
function unknownSigners(): () => void {
  const each = inTurn(strangers)
  let engine = wasmSm2()
  let left = strangers.length
  return () => {
    if (left-- === 0) {
      engine = wasmSm2()
      left = strangers.length - 1
    }
    const { digest, signature } = each()
    engine?.verify(signature.subarray(0, 64), digest, signature.subarray(64))
  }
}

/** Microseconds of processor time for one call, over about 200 ms. */
function cost(run: () => unknown): number {
  for (let i = 0; i < 20; i++) run()
  const start = process.cpuUsage()
  let spent = 0
  let calls = 0
  for (let some = 1; spent < 200_000; some = Math.min(2 * some, 1000)) {
    for (let i = 0; i < some; i++) run()
    calls += some
    const { user, system } = process.cpuUsage(start)
    spent = user + system
  }
  return spent / calls
}

/** Microseconds of ours and of the yardstick, which is what {@link compare} was given. */
interface Row {
  readonly what: string
  readonly micros: string
  readonly yardstick: string
  readonly ratio: number
  readonly target: number | string
}

/** The best of alternating runs of both: other load of the machine only ever adds. */
function compare(what: string, run: () => unknown, yardstick: () => unknown): Row {
  const runs = [0, 1, 2].map(() => [cost(run), cost(yardstick)] as const)
  const ours = Math.min(...runs.map(([micros]) => micros))
  const theirs = Math.min(...runs.map(([, micros]) => micros))
  return {
    what,
    micros: ours.toFixed(2),
    yardstick: theirs.toFixed(2),
    ratio: Math.round((10 * theirs) / ours) / 10,
    target: TARGETS[what] ?? '',
  }
}

function tableOfRatios(): Row[] {
  const each = inTurn(signed)
  const eachGuomi = inTurn(guomiSigned)
  const recoverWith = (engine: typeof ecdsa | typeof native) => () => {
    const { digest, signature } = each()
    return engine.recover(signature, digest)
  }
  const noble = recoverWith(portableEcdsa)
  const batch = packed(signed)
  const perSignature = (row: Row, count: number): Row => ({
    ...row,
    micros: (Number(row.micros) / count).toFixed(2),
    ratio: row.ratio * count,
  })
  const verifyKnown = () => {
    const { digest, signature } = each()
    return standard.verify(signature, digest, keys.publicKey)
  }
  const known = () => {
    const { digest, signature } = eachGuomi()
    return guomi.recover(signature, digest)
  }
  const openssl = opensslSm2()
  const byOpenssl = () => {
    const { digest, signature } = eachGuomi()
    return openssl?.verify(signature.subarray(0, 64), digest, signature.subarray(64))
  }
  const smCryptoOnce = () => smCryptoVerify(eachGuomi())
  const rows = [
    compare('recover, engine in use', recoverWith(native), noble),
    compare('recover, WebAssembly', recoverWith(ecdsa), noble),
    perSignature(
      compare('recover, WebAssembly, batch', () => wasm.standard.recoverMany(batch), noble),
      batch.count,
    ),
    compare('secp256k1 verify, known signer', verifyKnown, noble),
    compare('SM2 verify, unknown signer', unknownSigners(), smCryptoOnce),
    compare('SM2 verify, known signer', known, smCryptoOnce),
    compare('SM2 verify, node:crypto', byOpenssl, smCryptoOnce),
  ]
  return [...rows, ...tableOfClaims(), ...tableOfHashes()]
}

/** Microseconds of one of many signatures; the yardstick is asking who signed, on the engines in use. */
function rowOfClaims(count: number, signers: number): Row {
  const batch = claimed(count, signers)
  const ofSigners =
    signers === count ? 'all different' : `${signers} signer${signers > 1 ? 's' : ''}`
  const row = compare(
    `verifyMany of ${count}, ${ofSigners}`,
    () => standard.verifyMany(batch),
    () => standard.recoverMany(batch),
  )
  const each = (micros: string): string => (Number(micros) / count).toFixed(2)
  return { ...row, micros: each(row.micros), yardstick: each(row.yardstick) }
}

function tableOfClaims(): Row[] {
  return [128, 256].flatMap((count) => [1, 8, count].map((signers) => rowOfClaims(count, signers)))
}

function tableOfHashes(): Row[] {
  const keccak = wasmKeccak256() ?? portableKeccak256
  const inWasm = wasmSm3()
  const openssl = opensslSm3()
  const sizes = [32, 64, 100, 200, 600, 4096]
  return sizes.flatMap((size) => {
    const message = new Uint8Array(size).fill(7)
    const numbers = [...message]
    const many = new Uint8Array(64 * size).fill(7)
    const lengths = new Uint32Array(64).fill(size)
    const theirs = () => smCrypto.sm3(numbers)
    const batch = compare(
      `keccak256 of 64 times ${size} bytes`,
      () => keccak.hashMany?.(many, lengths),
      () => {
        for (let i = 0; i < 64; i++) keccak_256(message)
      },
    )
    return [
      compare(
        `keccak256 of ${size} bytes`,
        () => keccak.hash(message),
        () => keccak_256(message),
      ),
      batch,
      compare(`SM3 of ${size} bytes`, () => inWasm?.hash(message), theirs),
      compare(`SM3 of ${size} bytes, node:crypto`, () => openssl?.hash(message), theirs),
    ]
  })
}

for (const { what, micros, yardstick, ratio, target } of tableOfRatios()) {
  const promise = target === '' ? '' : `(at least ${target})`
  const columns = [
    what.padEnd(36),
    micros.padStart(9),
    yardstick.padStart(11),
    `${ratio} ×`.padStart(10),
  ]
  process.stdout.write(`${columns.join('')} ${promise}\n`)
}

describe('secp256k1 recover', () => {
  const each = inTurn(signed)
  for (const [name, suite] of [
    [standard.engines['secp256k1']!, standard],
    ['wasm', wasm.standard],
    ['@noble/curves (yardstick)', standardSuite],
  ] as const) {
    const recover = () => {
      const { digest, signature } = each()
      suite.recover(signature, digest)
    }
    bench(name, recover, options)
  }
})

describe('256 signatures of 8 signers', () => {
  const batch = claimed(256, 8)
  bench('verifyMany', () => void standard.verifyMany(batch), options)
  bench('recoverMany (yardstick)', () => void standard.recoverMany(batch), options)
})

describe('SM2 verify', () => {
  const each = inTurn(guomiSigned)
  const recover = (suite: typeof guomi) => () => {
    const { digest, signature } = each()
    suite.recover(signature, digest)
  }
  bench('wasm, known signer', recover(guomi), options)
  bench('wasm, unknown signer', unknownSigners(), options)
  bench('@noble/curves', recover(guomiSuite), options)
  bench('sm-crypto (yardstick)', () => void smCryptoVerify(each()), options)
})

for (const size of [32, 200, 4096]) {
  const message = new Uint8Array(size).fill(7)
  describe(`keccak256 of ${size} bytes`, () => {
    bench(standard.engines['keccak256']!, () => void standard.hash(message), options)
    bench('@noble/hashes (yardstick)', () => void keccak_256(message), options)
  })
  describe(`SM3 of ${size} bytes`, () => {
    bench(guomi.engines['sm3']!, () => void guomi.hash(message), options)
    bench('portable', () => void sm3(message), options)
    bench('sm-crypto (yardstick)', () => void smCrypto.sm3([...message]), options)
  })
}

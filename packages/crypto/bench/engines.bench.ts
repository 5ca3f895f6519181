import { toHex } from '@bcos-ts/common'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import smCrypto from 'sm-crypto'
import { bench, describe } from 'vitest'
import { guomiSuite, sm3, standardSuite } from '../src/index.ts'
import { createNodeSuites } from '../src/node/index.ts'

const { standard, guomi } = await createNodeSuites()
const options = { time: 300, warmupTime: 50 }

/** A new message each time would measure its making; a block has about this many different ones. */
const digests = Array.from({ length: 64 }, (_, i) => sha256(Uint8Array.of(i)))
const secretKey = sha256(Uint8Array.of(1))

describe('secp256k1 recover', () => {
  const keys = standard.keyPair(secretKey)
  const signed = digests.map((digest) => ({ digest, signature: standard.sign(digest, keys) }))
  let next = 0
  const each = () => signed[next++ % signed.length]!
  bench(
    standard.engines['secp256k1']!,
    () => {
      const { digest, signature } = each()
      standard.recover(signature, digest)
    },
    options,
  )
  bench(
    '@noble/curves (yardstick)',
    () => {
      const { digest, signature } = each()
      standardSuite.recover(signature, digest)
    },
    options,
  )
})

describe('SM2 verify', () => {
  const keys = guomi.keyPair(secretKey)
  const signed = digests.map((digest) => ({ digest, signature: guomi.sign(digest, keys) }))
  let next = 0
  const each = () => signed[next++ % signed.length]!
  bench(
    guomi.engines['sm2']!,
    () => {
      const { digest, signature } = each()
      guomi.recover(signature, digest)
    },
    options,
  )
  bench(
    '@noble/curves',
    () => {
      const { digest, signature } = each()
      guomiSuite.recover(signature, digest)
    },
    options,
  )
  bench(
    'sm-crypto (yardstick)',
    () => {
      const { digest, signature } = each()
      const publicKey = `04${toHex(keys.publicKey)}`
      const rs = toHex(signature.subarray(0, 64))
      smCrypto.sm2.doVerifySignature([...digest], rs, publicKey, { hash: true, publicKey })
    },
    options,
  )
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

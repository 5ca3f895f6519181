import { bigIntToBytes, bytesToBigInt, concatBytes, EMPTY_BYTES, equalBytes } from '@bcos-ts/common'
import { guomiSuite, inlineSignatureBatches, standardSuite as suite } from '@bcos-ts/crypto'
import {
  adoptClaims,
  batchOfClaims,
  type CryptoSuite,
  decodeTransaction,
  encodeSigned,
  encodeUnsigned,
  recoverSenders,
  signTransaction,
  type Transaction,
  type TransactionFields,
} from '@bcos-ts/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** Order of the group of secp256k1 (SEC 2 §2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const keysOf = (i: number, of: CryptoSuite = suite) => of.keyPair(new Uint8Array(32).fill(0x40 + i))

function fieldsOf(nonce: number): TransactionFields {
  return {
    nonce: BigInt(nonce + 1),
    gasPrice: 1n,
    gas: 1n,
    blockLimit: 500n,
    to: undefined,
    value: 0n,
    data: EMPTY_BYTES,
    chainId: 1n,
    groupId: 1n,
    extraData: EMPTY_BYTES,
  }
}

const batches = inlineSignatureBatches(suite)

/** What may be wrong with a signature: nothing, `s` above half the order, another `v`, another `r`. */
const spoilers: Readonly<Record<string, (signature: Uint8Array) => Uint8Array>> = {
  good: (signature) => signature,
  'high s': (signature) =>
    concatBytes(
      signature.subarray(0, 32),
      bigIntToBytes(ORDER - bytesToBigInt(signature.subarray(32, 64)), 32),
      Uint8Array.of((signature[64] ?? 0) ^ 1),
    ),
  'other v': (signature) => signature.with(64, (signature[64] ?? 0) ^ 1),
  'id 2': (signature) => signature.with(64, (signature[64] ?? 0) + 2),
  'other r': (signature) => signature.with(31, (signature[31] ?? 0) ^ 1),
  'no r': (signature) => new Uint8Array(65).fill(0, 0, 32).fill(signature[40] ?? 1, 32, 64),
}

/** Which key is claimed: that of the signer, another one, none, or bytes that are no key. */
const CLAIMED: Readonly<Record<string, (own: Uint8Array) => Uint8Array>> = {
  own: (own) => own,
  other: () => keysOf(9).publicKey,
  zeros: () => new Uint8Array(64),
  junk: (own) => own.with(63, (own[63] ?? 0) ^ 1),
}

interface Case {
  readonly key: number
  readonly spoiler: string
  readonly claim: string
}

function rawOf({ key, spoiler }: Case, nonce: number): Uint8Array {
  const fields = fieldsOf(nonce)
  const signature = suite.sign(suite.hash(encodeUnsigned(fields)), keysOf(key))
  return encodeSigned(fields, spoilers[spoiler]?.(signature) ?? signature)
}

describe('claims of signers', () => {
  const cases = fc.array(
    fc.record<Case>({
      key: fc.nat({ max: 2 }),
      spoiler: fc.constantFrom(...Object.keys(spoilers)),
      claim: fc.constantFrom(...Object.keys(CLAIMED)),
    }),
    { minLength: 1, maxLength: 12 },
  )

  it('never change who is the sender, and are false only when the key did not sign', () => {
    fc.assert(
      fc.property(cases, (all) => {
        const raws = all.map(rawOf)
        const claims = all.map(({ key, claim }, i) => ({
          transaction: decodeTransaction(raws[i] ?? EMPTY_BYTES, suite),
          signer: CLAIMED[claim]?.(keysOf(key).publicKey) ?? EMPTY_BYTES,
        }))
        const batch = batchOfClaims(claims)
        const falseOnes = adoptClaims(
          claims,
          { ...batch, valid: batches.verifyInline(batch) },
          suite,
        )
        for (const [i, one] of claims.entries()) {
          const oracle = decodeTransaction(raws[i] ?? EMPTY_BYTES, suite)
          const recovered = suite.recover(oracle.signature, oracle.signingHash)
          const isTrue = recovered !== undefined && equalBytes(recovered, one.signer)
          expect(falseOnes.includes(one)).toBe(!isTrue)
          expect(one.transaction.isSenderKnown).toBe(isTrue)
          expect(one.transaction.sender(suite)).toBe(oracle.sender(suite))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('that are true spare the recovery, also with a suite that hashes one by one', () => {
    const none: CryptoSuite = { ...suite, recover: () => undefined }
    delete none.hashMany
    for (const one of [suite, none]) {
      const signed = signTransaction(fieldsOf(1), keysOf(1), suite)
      const transaction = decodeTransaction(signed.raw, suite)
      const claims = [{ transaction, signer: keysOf(1).publicKey }]
      const batch = batchOfClaims(claims)
      adoptClaims(claims, { ...batch, valid: batches.verifyInline(batch) }, one)
      expect(transaction.sender(none)).toBe(signed.sender(suite))
      expect(transaction.takeSigner()).toBeUndefined()
    }
  })
})

describe('the key of a signature', () => {
  const received = (of: CryptoSuite = suite): Transaction =>
    decodeTransaction(signTransaction(fieldsOf(3), keysOf(1, of), of).raw, of)

  it('is there once after a recovery, and not before', () => {
    const transaction = received()
    expect(transaction.takeSigner()).toBeUndefined()
    transaction.sender(suite)
    expect(transaction.takeSigner()).toEqual(keysOf(1).publicKey)
    expect(transaction.takeSigner()).toBeUndefined()
    transaction.sender(suite)
    expect(transaction.takeSigner()).toBeUndefined()
  })

  it('is there once after a recovery in a batch', async () => {
    const [first, second] = [received(), received()]
    await recoverSenders([first, second], batches)
    expect(second.takeSigner()).toEqual(keysOf(1).publicKey)
    expect(second.takeSigner()).toBeUndefined()
    // It has memory of its own: the batch may go.
    expect(first.takeSigner()?.buffer.byteLength).toBe(64)
  })

  it('is not there when the signature is bad', async () => {
    const bad = (): Transaction =>
      decodeTransaction(rawOf({ key: 1, spoiler: 'no r', claim: 'own' }, 4), suite)
    const [alone, batched] = [bad(), bad()]
    expect(alone.sender(suite)).toBeUndefined()
    await recoverSenders([batched], batches)
    expect(alone.takeSigner()).toBeUndefined()
    expect(batched.takeSigner()).toBeUndefined()
  })

  it('is not kept where the signature carries it', async () => {
    const [alone, batched] = [received(guomiSuite), received(guomiSuite)]
    expect(alone.sender(guomiSuite)).toMatch(/^[0-9a-f]{40}$/)
    await recoverSenders([batched], inlineSignatureBatches(guomiSuite))
    expect(alone.takeSigner()).toBeUndefined()
    expect(batched.takeSigner()).toBeUndefined()
  })
})

import { fromHex, toHex } from '@bcos-ts/common'
import { guomiSuite, standardSuite } from '@bcos-ts/crypto'
import { ecKeyPair, encodePkcs12, privateKeyToPem } from '@bcos-ts/crypto/key-file'
import { describe, expect, it } from 'vitest'
import { accountFromPem, accountFromPkcs12, accountOf, generateAccount } from './account.ts'

const SECRET = fromHex('11'.repeat(32))

describe.each([
  { suite: standardSuite, curve: 'secp256k1' as const },
  { suite: guomiSuite, curve: 'sm2' as const },
])('an account on $curve', ({ suite, curve }) => {
  const account = accountOf(SECRET, suite)
  const keys = ecKeyPair(curve, SECRET)

  it('is the same from its key and from its files', () => {
    expect(account.address).toBe(toHex(suite.address(keys.publicKey)))
    const store = encodePkcs12(keys, 'secret')
    for (const other of [
      accountFromPem(privateKeyToPem(keys)),
      accountFromPkcs12(store, 'secret'),
    ]) {
      expect(other.suite.name).toBe(suite.name)
      expect(other.address).toBe(account.address)
      expect(other.publicKey).toEqual(keys.publicKey)
    }
    expect(() => accountFromPkcs12(store, 'wrong')).toThrow(
      expect.objectContaining({ code: 'CRYPTO_WRONG_PASSWORD' }) as Error,
    )
  })

  it('is another each time one is made, and shows nobody its key', () => {
    const [one, two] = [generateAccount(suite), generateAccount(suite)]
    expect(one.address).not.toBe(two.address)
    expect(JSON.stringify(account)).not.toContain(toHex(SECRET))
    expect(Object.values(account)).not.toContainEqual(SECRET)
  })
})

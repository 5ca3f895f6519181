import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fromHex, toHex } from '@bcos-ts/common'
import { guomiSuite, standardSuite } from '@bcos-ts/crypto'
import {
  curveOf,
  decodePkcs12,
  ecKeyPair,
  encodePkcs12,
  privateKeyFromPem,
  privateKeyToPem,
  publicKeyFromPem,
  publicKeyToPem,
} from '@bcos-ts/crypto/key-file'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import vectors from '../vectors/accounts.json' with { type: 'json' }
import { bcosTs } from './support.ts'

const SUITES = [
  ['standard', standardSuite, 'ecdsa'],
  ['guomi', guomiSuite, 'gm'],
] as const

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const addressIn = (text: string): string => /0x[0-9a-f]{40}/.exec(text)?.[0] ?? ''

describe('account new', () => {
  it.each(SUITES)(
    'makes a PEM account of the %s suite where SDKs look',
    async (name, suite, sub) => {
      const made = await bcosTs(['account', 'new', '--suite', name, '-o', folder])
      expect(made.exitCode).toBe(0)
      const address = addressIn(made.out)
      const file = join(folder, sub, `${address}.pem`)
      const key = privateKeyFromPem(readFileSync(file, 'utf8'))
      expect(`0x${toHex(suite.address(key.publicKey))}`).toBe(address)
      expect(statSync(file).mode & 0o077).toBe(0)
      expect(publicKeyFromPem(readFileSync(`${file}.pub`, 'utf8')).publicKey).toEqual(key.publicKey)
      expect(made.out).not.toContain(toHex(key.secretKey))
    },
  )

  it('makes a PKCS#12 account under the password of a file', async () => {
    const password = put('password', 'correct horse\nsecond line')
    const args = ['--format', 'p12', '--password-file', password, '-o', folder]
    const { out } = await bcosTs(['account', 'new', ...args])
    const file = join(folder, 'ecdsa', `${addressIn(out)}.p12`)
    const { key } = decodePkcs12(readFileSync(file), 'correct horse')
    expect(`0x${toHex(standardSuite.address(key.publicKey))}`).toBe(addressIn(out))
  })

  it('asks for a new password twice, without showing it', async () => {
    const args = ['account', 'new', '--format', 'p12', '-o', folder]
    const { out, err, exitCode } = await bcosTs(args, { typed: ['pass word', 'pass word'] })
    expect(exitCode).toBe(0)
    expect(out + err).not.toContain('pass word')
    const file = join(folder, 'ecdsa', `${addressIn(out)}.p12`)
    expect(decodePkcs12(readFileSync(file), 'pass word').key.curve).toBe('secp256k1')
  })

  it('takes erased characters back', async () => {
    const args = ['account', 'new', '--format', 'p12', '-o', folder]
    const { out } = await bcosTs(args, { typed: ['pasx\u007f\u0008ss密码', 'pass密码'] })
    const file = join(folder, 'ecdsa', `${addressIn(out)}.p12`)
    expect(decodePkcs12(readFileSync(file), 'pass密码').key.curve).toBe('secp256k1')
  })

  it.each([
    ['two entries differ', ['one', 'other'], 'differ'],
    ['it is empty', [''], 'empty'],
    ['the user interrupts', ['\u0003'], 'interrupted'],
    ['nobody can be asked', undefined, '--password-file'],
  ])('makes nothing when %s', async (_, typed, word) => {
    const args = ['account', 'new', '--format', 'p12', '-o', folder]
    const { exitCode, err } = await bcosTs(args, typed && { typed })
    expect(exitCode).toBe(1)
    expect(err).toMatch(/^error: no password: .*\(CLI_NO_PASSWORD\)$/m)
    expect(err).toContain(word)
    expect(readdirSync(folder)).toEqual([])
  })

  it('refuses a password for a file that cannot have one', async () => {
    const { exitCode, err } = await bcosTs(['account', 'new', '--password-file', 'x', '-o', folder])
    expect(exitCode).toBe(2)
    expect(err).toContain('--format p12')
  })
})

describe('account show', () => {
  const keyOf = (suite: 'standard' | 'guomi') =>
    ecKeyPair(curveOf(suite), fromHex(vectors.secretKey))

  it.each(SUITES)('knows the address that a %s chain knows', async (suite) => {
    const key = keyOf(suite)
    const password = put('password', 'secret\n')
    const files = [
      [put('a.pem', privateKeyToPem(key)), 'pem'],
      [put('a.pem.pub', publicKeyToPem(key)), 'public key'],
      [put('a.p12', encodePkcs12(key, 'secret')), 'p12'],
    ] as const
    for (const [file, format] of files) {
      const shown = await bcosTs(['account', 'show', file, '--password-file', password])
      expect(shown.exitCode).toBe(0)
      expect(addressIn(shown.out)).toBe(vectors[suite])
      expect(shown.out).toContain(suite)
      expect(shown.out).toContain(format)
      expect(shown.out).toContain(toHex(key.publicKey))
      expect(shown.out).not.toContain(vectors.secretKey)
    }
  })

  it('asks for a password where one is needed', async () => {
    const file = put('a.p12', encodePkcs12(keyOf('standard'), 'secret'))
    const { out } = await bcosTs(['account', 'show', file], { typed: ['secret'] })
    expect(addressIn(out)).toBe(vectors.standard)
    const wrong = await bcosTs(['account', 'show', file], { typed: ['other'] })
    expect(wrong.exitCode).toBe(1)
    expect(wrong.err).toContain('CRYPTO_WRONG_PASSWORD')
  })

  it.each([
    ['a file that is not there', undefined, 'CLI_FILE_UNREADABLE'],
    ['a text', 'hello', 'CRYPTO_INVALID_PEM'],
    ['a broken store', '\u0030\u0003\u0002\u0001\u0003', 'CRYPTO_INVALID_DER'],
    ['a broken PEM', '-----BEGIN PRIVATE KEY-----\nMIG', 'CRYPTO_INVALID_PEM'],
  ])('says in one line what is wrong with %s', async (_, content, code) => {
    const file = content === undefined ? join(folder, 'none') : put('file', content)
    const { exitCode, out, err } = await bcosTs(['account', 'show', file], { typed: ['password'] })
    expect(exitCode).toBe(1)
    expect(out).toBe('')
    expect(err).toMatch(new RegExp(`^error: .*\\(${code}\\)$`, 'm'))
    expect(err).not.toMatch(/^\s+at /m)
  })
})

describe('account list', () => {
  it('lists the accounts of both suites and leaves other files alone', async () => {
    const password = put('password', 'secret')
    await bcosTs(['account', 'new', '-o', folder])
    await bcosTs(['account', 'new', '--suite', 'guomi', '-o', folder])
    await bcosTs(['account', 'new', '--format', 'p12', '--password-file', password, '-o', folder])
    const { exitCode, out } = await bcosTs(['account', 'list', folder])
    expect(exitCode).toBe(0)
    const files = ['ecdsa', 'gm'].flatMap((name) =>
      readdirSync(join(folder, name)).filter((file) => !file.endsWith('.pub')),
    )
    expect(files).toHaveLength(3)
    const lines = out.split('\n').filter((line) => line.includes('0x'))
    expect(lines).toHaveLength(3)
    for (const file of files) {
      const line = lines.find((one) => one.includes(basename(file)))
      expect(line).toContain(file.slice(0, 42))
    }
    expect(out).not.toContain('password')
  })

  it('points out a file that is not what it is named', async () => {
    mkdirSync(join(folder, 'gm'))
    const named = `0x${'0'.repeat(40)}.pem`
    put(join('gm', named), privateKeyToPem(ecKeyPair('sm2', fromHex(vectors.secretKey))))
    put(`0x${'1'.repeat(40)}.pem`, 'damaged')
    const { out } = await bcosTs(['account', 'list', folder])
    expect(out).toContain(`${vectors.guomi} (not what the file is named)`)
    expect(out).toContain('not valid PEM')
  })

  it('says when there is no such folder', async () => {
    const { exitCode, err } = await bcosTs(['account', 'list', join(folder, 'none')])
    expect(exitCode).toBe(1)
    expect(err).toContain('account new')
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })
})

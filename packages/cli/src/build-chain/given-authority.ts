import { join } from 'node:path'
import { equalBytes, isBcosError } from '@bcos-ts/common'
import { certificatesFromPem, ecSigner, verifyChain } from '@bcos-ts/crypto/certificate'
import { type Curve, privateKeyFromPem } from '@bcos-ts/crypto/key-file'
import { UnreadableFileError, UsageError } from '../errors.ts'
import { readText } from '../files.ts'
import type { GivenAuthority } from './options.ts'

/**
 * The chain CA in a folder: `ca.crt` and `ca.key`, and `root.crt` where the CA is an intermediate one; with `gm`
 * before the names on SM2. Throws {@link UsageError} or {@link UnreadableFileError}.
 */
export async function readGivenAuthority(folder: string, curve: Curve): Promise<GivenAuthority> {
  const prefix = curve === 'sm2' ? 'gm' : ''
  const place = (name: string): string => join(folder, `${prefix}${name}`)
  const [certificate] = await readPem(place('ca.crt'), certificatesFromPem)
  const keys = await readPem(place('ca.key'), privateKeyFromPem)
  const signer = ecSigner(keys)
  if (keys.curve !== curve || !equalBytes(signer.publicKeyInfo, certificate.publicKeyInfo)) {
    throw new UsageError(
      place('ca.key'),
      `it is not the ${curve} key of ${place('ca.crt')}, but of another certificate`,
    )
  }
  const authority = { certificate, signer }
  const root = await readRoot(place('root.crt'))
  if (root === undefined) return { authority }
  await trying(place('root.crt'), () => verifyChain(certificate, { trust: [root] }))
  return { authority, root }
}

async function readRoot(file: string): Promise<GivenAuthority['root']> {
  const text = await readText(file).catch((error: unknown) => {
    if (isBcosError(error)) return undefined
    throw error
  })
  return text === undefined ? undefined : (await trying(file, () => certificatesFromPem(text)))[0]
}

async function readPem<T>(file: string, parse: (text: string) => T): Promise<T> {
  const text = await readText(file)
  return trying(file, () => parse(text))
}

/** Names the file in what goes wrong with its content. */
async function trying<T>(file: string, run: () => T): Promise<T> {
  try {
    return run()
  } catch (error) {
    if (!isBcosError(error)) throw error
    throw new UnreadableFileError(file, error.message, error)
  }
}

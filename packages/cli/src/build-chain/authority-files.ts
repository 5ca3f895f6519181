import { certificatesToPem } from '@bcos-ts/crypto/certificate'
import { certCnf, gmcertCnf, sm2Parameters } from './openssl-files.ts'
import type { ChannelAuthority, KeyedAuthority, Pki } from './pki.ts'
import { dataFile, type PlannedFile, secretFile, within } from './planned-file.ts'

/** `gm` before the names of files on SM2. */
export function filePrefix({ curve }: Pick<Pki, 'curve'>): string {
  return curve === 'sm2' ? 'gm' : ''
}

/** `cert.cnf`, or `gmcert.cnf` with the curve's file. */
export function opensslFiles({ curve }: Pick<Pki, 'curve'>): readonly PlannedFile[] {
  if (curve === 'secp256k1') return [dataFile('cert.cnf', certCnf())]
  return [dataFile('gmcert.cnf', gmcertCnf()), dataFile('gmsm2.param', sm2Parameters())]
}

/** `cert/` or `gmcert/`: the chain CA and its agencies. A CA that was given keeps its key where it is. */
export function authorityFiles(pki: Pki): readonly PlannedFile[] {
  const prefix = filePrefix(pki)
  const agencies = [...pki.agencies].flatMap(([name, agency]) =>
    within(agencyFolder(pki, name), agencyFiles(pki, agency)),
  )
  const root = pki.anchor === pki.chain.certificate ? [] : [anchorFile(pki, `${prefix}root.crt`)]
  return within(`${prefix}cert`, [
    dataFile(`${prefix}ca.crt`, certificatesToPem(pki.chain.certificate)),
    ...keyFiles(`${prefix}ca.key`, pki.chain),
    ...root,
    ...serialFiles(pki),
    ...opensslFiles(pki),
    ...agencies,
  ])
}

/** What nodes trust. */
export function anchorFile(pki: Pki, path: string): PlannedFile {
  return dataFile(path, certificatesToPem(pki.anchor))
}

/** `cert/agency/channel`: the RSA CA of an agency. */
export function channelAuthorityFiles(
  agencyName: string,
  authority: ChannelAuthority,
): readonly PlannedFile[] {
  return within(`cert/${agencyName}/channel`, [
    dataFile('ca.crt', certificatesToPem(authority.certificate)),
    secretFile('ca.key', authority.keyPem),
  ])
}

function agencyFolder({ curve }: Pki, name: string): string {
  return curve === 'sm2' ? `${name}-gm` : name
}

function agencyFiles(pki: Pki, agency: KeyedAuthority): readonly PlannedFile[] {
  const prefix = filePrefix(pki)
  return [
    dataFile(`${prefix}agency.crt`, certificatesToPem(agency.certificate)),
    ...keyFiles(`${prefix}agency.key`, agency),
    anchorFile(pki, `${prefix}ca.crt`),
    ...opensslFiles(pki),
  ]
}

function keyFiles(path: string, { keyPem }: KeyedAuthority): readonly PlannedFile[] {
  return keyPem === undefined ? [] : [secretFile(path, keyPem)]
}

/** `ca.srl`, from which openssl counts on: the serial number that the chain CA gave last. */
function serialFiles({ curve, agencies }: Pki): readonly PlannedFile[] {
  const last = [...agencies.values()].at(-1)
  if (curve === 'sm2' || last === undefined) return []
  return [dataFile('ca.srl', `${serialText(last.certificate.serialNumber)}\n`)]
}

/** Upper-case hexadecimal digits, two for each byte. */
export function serialText(serialNumber: bigint): string {
  const digits = serialNumber.toString(16).toUpperCase()
  return digits.length % 2 === 0 ? digits : `0${digits}`
}

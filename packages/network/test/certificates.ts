import { readVectors } from './vectors.ts'

/** Key and certificates of a node, PEM. */
export interface NodeCertificate {
  readonly name: string
  readonly nodeId: string
  readonly key: string
  readonly certificate: string
  readonly ca: string
}

const certificates: ReadonlyMap<string, NodeCertificate> = new Map(
  readVectors<NodeCertificate>('certificates.json').map((one) => [one.name, one]),
)

export function certificateOf(name: string): NodeCertificate {
  const found = certificates.get(name)
  if (found === undefined) throw new Error(`no certificate for ${name}`)
  return found
}

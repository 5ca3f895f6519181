import { once } from 'node:events'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { parseCertificate } from '@bcos-ts/crypto/certificate'
import { describe, expect, it } from 'vitest'
import { type ChainPlan } from '../src/index.ts'
import { planChain, textOf } from './support.ts'

/** How nodes of 2.x speak TLS (spec 04 §1.1). */
const TLS = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
  ecdhCurve: 'secp256k1:prime256v1',
  requestCert: true,
  rejectUnauthorized: true,
} as const

function credentials(plan: ChainPlan, folder: string, name: string) {
  return {
    ca: textOf(plan, `${folder}/ca.crt`),
    cert: textOf(plan, `${folder}/${name}.crt`),
    key: textOf(plan, `${folder}/${name}.key`),
  }
}

type Side = ReturnType<typeof credentials>

function nodeIdOf(socket: TLSSocket): string {
  const { key, subject } = parseCertificate(new Uint8Array(socket.getPeerCertificate().raw))
  return key.kind === 'ec' ? key.nodeId : subject.oneLine
}

/** Whom each side sees when two shake hands. */
async function meet(server: Side, client: Side) {
  const listener = createServer({ ...TLS, ...server })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const outgoing = connect({
    ...TLS,
    ...client,
    port,
    host: '127.0.0.1',
    checkServerIdentity: () => undefined,
  })
  try {
    const incoming = await new Promise<TLSSocket>((resolve, reject) => {
      listener.once('tlsClientError', reject)
      listener.once('secureConnection', resolve)
      outgoing.on('error', () => {})
    })
    if (!outgoing.authorized) await once(outgoing, 'secureConnect')
    return { seenByServer: nodeIdOf(incoming), seenByClient: nodeIdOf(outgoing) }
  } finally {
    outgoing.destroy()
    listener.close()
  }
}

describe('files of a chain', () => {
  it('let its nodes meet over TLS, each under its node id', async () => {
    const plan = await planChain()
    const [a, b] = plan.nodes
    const side = (folder = '') => credentials(plan, `${folder}/conf`, 'node')
    expect(await meet(side(a?.folder), side(b?.folder))).toEqual({
      seenByServer: b?.nodeId,
      seenByClient: a?.nodeId,
    })
  })

  it('keep out the nodes of another chain', async () => {
    const ours = await planChain()
    const theirs = await planChain()
    const node = '127.0.0.1/node0/conf'
    const stranger = { ...credentials(theirs, node, 'node'), ca: textOf(ours, 'cert/ca.crt') }
    await expect(meet(credentials(ours, node, 'node'), stranger)).rejects.toThrow(
      /certificate|verify/,
    )
  })

  it.each([
    ['RSA certificates', true],
    ['certificates on secp256k1', false],
  ])('let the SDK meet a node with %s', async (_, isRsaChannel) => {
    const plan = await planChain({ isRsaChannel })
    const conf = isRsaChannel ? '127.0.0.1/node0/conf/channel_cert' : '127.0.0.1/node0/conf'
    const { seenByServer } = await meet(
      credentials(plan, conf, 'node'),
      credentials(plan, '127.0.0.1/sdk', 'sdk'),
    )
    const expected = isRsaChannel
      ? '/CN=FISCO-BCOS/O=fisco-bcos/OU=agency'
      : textOf(plan, '127.0.0.1/sdk/sdk.publickey').trim()
    expect(seenByServer).toBe(expected)
  })
})

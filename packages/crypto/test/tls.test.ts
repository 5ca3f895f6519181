import { EventEmitter, once } from 'node:events'
import { connect, createServer, type Server, type TLSSocket } from 'node:tls'
import { systemClock, toHex } from '@bcos-ts/common'
import { describe, expect, it } from 'vitest'
import {
  type Authority,
  type Certificate,
  certificatesToPem,
  issueAgency,
  issueChainCa,
  issueChannelCa,
  issueChannelLeaf,
  issueLeaf,
  parseCertificate,
  verifyChain,
} from '../src/certificate/index.ts'
import { generateNodeKey, privateKeyToPem } from '../src/key-file/index.ts'
import { generateRsaKey, rsaKeyFromPem, rsaVerifier } from '../src/node/index.ts'

/** Yesterday, so that clocks need not agree. */
const options = { fromMs: systemClock.nowMs() - 86_400_000 }

interface Identity {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** The options with which nodes of 2.x and of ours meet. */
const tlsOptions = (identity: Identity) =>
  ({
    ...identity,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ecdhCurve: 'secp256k1:prime256v1',
    requestCert: true,
    rejectUnauthorized: true,
  }) as const

interface Meeting {
  readonly seenByServer: Certificate
  readonly seenByClient: Certificate
  readonly protocol: string | null
  readonly echo: string
}

const peerOf = (socket: TLSSocket): Certificate =>
  parseCertificate(new Uint8Array(socket.getPeerCertificate().raw))

/** Starts a server that sends back what it gets; `onPeer` and `onRefusal` tell of whoever comes. */
async function listen(
  identity: Identity,
  onPeer: (peer: Certificate) => void,
  onRefusal: (reason: Error) => void,
): Promise<Server> {
  const server = createServer(tlsOptions(identity), (socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
    onPeer(peerOf(socket))
  })
  server.on('tlsClientError', onRefusal)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** A server and a client on this machine shake hands and exchange a word. */
async function meet(serverSide: Identity, clientSide: Identity): Promise<Meeting> {
  const peers: Certificate[] = []
  const refusals = new EventEmitter()
  const server = await listen(
    serverSide,
    (peer) => peers.push(peer),
    (reason) => refusals.emit('refusal', reason),
  )
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const client = connect({
    ...tlsOptions(clientSide),
    host: '127.0.0.1',
    port,
    checkServerIdentity: () => undefined,
  })
  try {
    const echo = await new Promise<string>((resolve, reject) => {
      refusals.on('refusal', reject)
      client.on('error', reject)
      client.on('data', (bytes) => resolve(bytes.toString()))
      client.write('hello')
    })
    const [seenByServer] = peers
    expect(seenByServer).toBeDefined()
    const seenByClient = peerOf(client)
    const protocol = client.getProtocol()
    return { seenByServer: seenByServer ?? seenByClient, seenByClient, protocol, echo }
  } finally {
    client.destroy()
    server.close()
  }
}

function ecIdentity(name: string, agency: Authority, chainCa: Authority) {
  const keys = generateNodeKey('secp256k1')
  const leaf = issueLeaf({ name, role: 'node' }, keys, agency, options)
  const identity = {
    ca: certificatesToPem(chainCa.certificate),
    cert: certificatesToPem(leaf, agency.certificate, chainCa.certificate),
    key: privateKeyToPem(keys),
  }
  return { identity, nodeId: toHex(keys.publicKey) }
}

function ecChain(name: string) {
  const chainCa = issueChainCa(name, generateNodeKey('secp256k1'), options)
  const agency = issueAgency('agencyA', generateNodeKey('secp256k1'), chainCa, options)
  return { chainCa, agency }
}

describe('mutual TLS 1.2 with certificates made here', () => {
  it('joins two nodes of a chain, who know each other by node id', async () => {
    const { chainCa, agency } = ecChain('chain')
    const a = ecIdentity('node0', agency, chainCa)
    const b = ecIdentity('node1', agency, chainCa)
    const { seenByServer, seenByClient, protocol, echo } = await meet(a.identity, b.identity)
    expect(echo).toBe('hello')
    expect(protocol).toBe('TLSv1.2')
    expect(seenByClient.key).toMatchObject({ nodeId: a.nodeId })
    expect(seenByServer.key).toMatchObject({ nodeId: b.nodeId })
    expect(seenByServer.issuer.commonName).toBe('agencyA')
  })

  it('keeps out a node of another chain', async () => {
    const ours = ecChain('chain')
    const theirs = ecChain('chain')
    const a = ecIdentity('node0', ours.agency, ours.chainCa)
    const b = ecIdentity('node0', theirs.agency, theirs.chainCa)
    const trusting = { ...b.identity, ca: a.identity.ca }
    await expect(meet(a.identity, trusting)).rejects.toThrow(/certificate|verify/)
  })

  it('joins an SDK to a node by the RSA set', async () => {
    const caKey = await generateRsaKey()
    const [nodeKey, sdkKey] = await Promise.all([generateRsaKey(), generateRsaKey()])
    const channelCa = issueChannelCa('agencyA', rsaKeyFromPem(caKey.pem).signer, options)
    const ca = certificatesToPem(channelCa.certificate)
    const node = issueChannelLeaf(nodeKey.signer.publicKeyInfo, channelCa, options)
    const sdk = issueChannelLeaf(sdkKey.signer.publicKeyInfo, channelCa, options)
    const { seenByServer, seenByClient, echo } = await meet(
      { ca, cert: certificatesToPem(node), key: nodeKey.pem },
      { ca, cert: certificatesToPem(sdk), key: sdkKey.pem },
    )
    expect(echo).toBe('hello')
    expect(seenByServer).toEqual(sdk)
    expect(seenByClient).toEqual(node)
    expect(sdk.subject.oneLine).toBe('/CN=FISCO-BCOS/O=fisco-bcos/OU=agency')
    expect(sdk.version).toBe(1)
    const chain = verifyChain(sdk, { trust: [channelCa.certificate], verifiers: [rsaVerifier] })
    expect(chain).toEqual([sdk, channelCa.certificate])
  })
})

describe('RSA keys from PEM', () => {
  it('are of RSA, or refused', () => {
    const refusal: unknown = expect.objectContaining({ code: 'CRYPTO_INVALID_KEY' })
    expect(() => rsaKeyFromPem(privateKeyToPem(generateNodeKey('secp256k1')))).toThrow(refusal)
    const empty = '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n'
    expect(() => rsaKeyFromPem(empty)).toThrow(refusal)
    expect(() => rsaKeyFromPem('no key')).toThrow(
      expect.objectContaining({ code: 'CRYPTO_INVALID_PEM' }),
    )
  })
})

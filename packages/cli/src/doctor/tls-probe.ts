import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { isBcosError, messageOf, systemClock } from '@bcos-ts/common'
import {
  type Certificate,
  certificatesFromPem,
  ecVerifiers,
  parseCertificate,
  verifyChain,
} from '@bcos-ts/crypto/certificate'
import { rsaVerifier } from '@bcos-ts/crypto/node'
import { systemCodeOf } from '../files.ts'

const TIMEOUT_MS = 8000

/** PEM texts with which somebody connects. */
export interface Credentials {
  readonly key: string
  readonly certificate: string
  readonly ca: string
}

export interface Target {
  readonly host: string
  readonly port: number
}

/** What the other end showed of itself. */
export interface Shown {
  /** Its certificates, its own first; empty when it showed none. */
  readonly chain: readonly Certificate[]
  /** Why they do not lead to the authority of these credentials; `undefined` when they do. */
  readonly distrust: string | undefined
}

/** What TLS agreed on. */
export interface TlsFacts extends Shown {
  readonly protocol: string
  readonly cipher: string
  readonly curve: string
}

export type TlsAttempt =
  | { readonly type: 'open'; readonly socket: TLSSocket; readonly facts: TlsFacts }
  /** `shown`: what was seen of the other end before it failed. */
  | {
      readonly type: 'failed'
      readonly stage: 'tcp' | 'tls'
      readonly reason: string
      readonly shown: Shown | undefined
    }

const TCP_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ENOTFOUND: 'there is no host of that name',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'the other end closed the connection',
}

const TLS_REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/unknown ca|alert number 48/i, 'the other end does not know the authority of this certificate'],
  [/certificate expired|alert number 45/i, 'the other end says that this certificate has expired'],
  [/wrong version number|packet length too long|http request/i, 'what answers does not speak TLS'],
  [
    /no shared cipher|handshake failure|alert number 40/i,
    'no curve, cipher or certificate that both ends take',
  ],
  [
    /alert number 80|internal error/i,
    'the other end refuses this certificate: its lists, or its agency rule',
  ],
]

/** Connects, and shakes hands. The certificate of the other end is looked at, not insisted on. */
export async function attemptTls(target: Target, credentials: Credentials): Promise<TlsAttempt> {
  const tcp = await openTcp(target)
  if (typeof tcp === 'string')
    return { type: 'failed', stage: 'tcp', reason: tcp, shown: undefined }
  const socket = beginTls(tcp, credentials)
  if (typeof socket !== 'string') return shakeHands(socket, credentials)
  return { type: 'failed', stage: 'tls', reason: socket, shown: undefined }
}

/** The socket, or why there is none. */
function openTcp({ host, port }: Target): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port })
    const fail = (reason: string): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(reason)
    }
    const timer = setTimeout(() => fail('no answer'), TIMEOUT_MS)
    socket.once('error', (error) => {
      fail(TCP_REASONS[systemCodeOf(error) ?? ''] ?? error.message)
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}

function beginTls(socket: Socket, { key, certificate, ca }: Credentials): TLSSocket | string {
  try {
    return connectTls({
      socket,
      key,
      cert: certificate,
      ca,
      ecdhCurve: 'secp256k1:X25519:P-256',
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      servername: '',
      checkServerIdentity: () => undefined,
      rejectUnauthorized: false,
    })
  } catch (error) {
    // OpenSSL looks at key and certificate before it begins.
    socket.destroy()
    return `own key and certificate: ${messageOf(error)}`
  }
}

function shakeHands(socket: TLSSocket, credentials: Credentials): Promise<TlsAttempt> {
  return new Promise((resolve) => {
    let shown: Shown | undefined
    const fail = (reason: string): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ type: 'failed', stage: 'tls', reason, shown })
    }
    const timer = setTimeout(() => fail('no TLS handshake within 8 s'), TIMEOUT_MS)
    // A server that refuses this certificate has shown its own before: later it cannot be asked for.
    socket.prependListener('end', () => {
      shown = shownBy(socket, credentials)
    })
    socket.once('error', (error) => fail(tlsReason(error.message)))
    socket.once('close', () => fail('the other end closed the connection during the handshake'))
    socket.once('secureConnect', () => {
      clearTimeout(timer)
      for (const event of ['error', 'close', 'end']) socket.removeAllListeners(event)
      // Whoever goes on sets listeners of its own; until then an end is no crash.
      socket.on('error', () => {})
      resolve({ type: 'open', socket, facts: factsOf(socket, credentials) })
    })
  })
}

function tlsReason(message: string): string {
  const known = TLS_REASONS.find(([pattern]) => pattern.test(message))
  return known === undefined ? message : known[1]
}

function factsOf(socket: TLSSocket, credentials: Credentials): TlsFacts {
  const ephemeral: { readonly name?: string } = socket.getEphemeralKeyInfo() ?? {}
  return {
    ...shownBy(socket, credentials),
    protocol: socket.getProtocol() ?? '?',
    cipher: socket.getCipher().name,
    curve: ephemeral.name ?? 'no ephemeral key',
  }
}

function shownBy(socket: TLSSocket, { ca }: Credentials): Shown {
  try {
    const chain = chainOf(socket)
    const [leaf, ...intermediates] = chain
    if (leaf === undefined) return { chain, distrust: 'it shows no certificate' }
    return { chain, distrust: distrustOf(leaf, intermediates, ca) }
  } catch (error) {
    if (!isBcosError(error)) throw error
    return { chain: [], distrust: error.message }
  }
}

/** The certificates that came, each above the one before. */
function chainOf(socket: TLSSocket): Certificate[] {
  const chain: Certificate[] = []
  const seen = new Set<string>()
  let current: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true)
  while (current?.raw !== undefined && !seen.has(current.raw.toString('hex'))) {
    seen.add(current.raw.toString('hex'))
    chain.push(parseCertificate(new Uint8Array(current.raw)))
    current = current.issuerCertificate
  }
  return chain
}

function distrustOf(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  ca: string,
): string | undefined {
  try {
    const trust = certificatesFromPem(ca)
    const atMs = systemClock.nowMs()
    verifyChain(leaf, { intermediates, trust, atMs, verifiers: [...ecVerifiers, rsaVerifier] })
    return undefined
  } catch (error) {
    if (!isBcosError(error)) throw error
    return error.message
  }
}

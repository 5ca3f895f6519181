/**
 * The configured peers of a node, each looked at as the node itself would meet it.
 * @module
 */
import { networkInterfaces } from 'node:os'
import type { TLSSocket } from 'node:tls'
import type { NodeFiles } from '@bcos-ts/node'
import { nodeIdOfCertificate, nodeIdOfPem } from './certificates.ts'
import { type Finding, ok, skipped, warning, wrong } from './finding.ts'
import type { RunningNodeView } from './node-rpc.ts'
import { attemptTls, type Shown, type Target, type TlsAttempt, type TlsFacts } from './tls-probe.ts'

/** A node that takes a session says so at once, with its topics (spec 04 §2.7). */
const GREETING_MS = 3000
const FRAME_HEADER_BYTES = 16
const HEARTBEAT = { protocolId: 2, packetType: 1 }

export async function checkPeers(
  files: NodeFiles,
  running: RunningNodeView | undefined,
): Promise<Finding[]> {
  const { peers } = files.config.p2p
  const own = nodeIdOfPem(files.node.certificate)
  if (own === undefined) return [skipped('peers', 'the certificate of the node cannot be read')]
  const findings = await Promise.all(peers.map((peer) => checkPeer(peer, { files, running, own })))
  const others = findings.filter((finding) => finding !== undefined)
  if (others.length > 0) return others
  return [warning('peers', 'config.ini names no other node', ALONE)]
}

const ALONE = 'A node alone seals only where it is the only sealer: add node.N lines to [p2p].'

interface Circumstances {
  readonly files: NodeFiles
  readonly running: RunningNodeView | undefined
  readonly own: string
}

/** `undefined` for the node itself. */
async function checkPeer(
  peer: Target,
  { files, running, own }: Circumstances,
): Promise<Finding | undefined> {
  const check = `peer ${peer.host.includes(':') ? `[${peer.host}]` : peer.host}:${peer.port}`
  const attempt = await attemptTls(peer, files.node)
  if (attempt.type === 'failed') {
    return isOwnAddress(peer, files) ? undefined : unreachable(check, attempt, files)
  }
  const { socket, facts } = attempt
  try {
    const nodeId = idOf(facts)
    if (nodeId === own) return undefined
    const isConnected = running?.peers.some((one) => one.nodeId === nodeId) === true
    return (
      distrusted(check, facts) ??
      excluded(check, files, nodeId ?? '') ??
      (isConnected ? ok(check, `connected, ${describe(facts)}`) : await greet(check, socket, facts))
    )
  } finally {
    socket.destroy()
  }
}

/** A node that does not run is not met at its own address. */
function isOwnAddress({ host, port }: Target, { config }: NodeFiles): boolean {
  const { listen } = config.p2p
  if (port !== listen.port) return false
  if (host === listen.host) return true
  const isAny = listen.host === '0.0.0.0' || listen.host === '::'
  if (!isAny) return false
  const interfaces = Object.values(networkInterfaces()).flatMap((one) => one ?? [])
  return LOOPBACK.test(host) || interfaces.some(({ address }) => address === host)
}

const LOOPBACK = /^(?:127\.|::1$|localhost$)/

function unreachable(
  check: string,
  { stage, reason, shown }: TlsAttempt & { readonly type: 'failed' },
  files: NodeFiles,
): Finding {
  if (stage === 'tcp') {
    const remedy = 'Start that node, open the firewall, or correct the node.N line.'
    return wrong(check, `TCP: ${reason}`, remedy)
  }
  const seen = shown === undefined || shown.chain.length === 0 ? undefined : shown
  return (
    (seen && (distrusted(check, seen) ?? excluded(check, files, idOf(seen) ?? ''))) ??
    wrong(check, `TLS: ${reason}`, COMPARE)
  )
}

const COMPARE =
  'Compare ca.crt and the certificates of both nodes, and the lists of that node; check that the port is the P2P port of a node.'

function distrusted(check: string, { distrust, chain }: Shown): Finding | undefined {
  const [leaf] = chain
  if (distrust !== undefined) {
    const issuer = leaf?.issuer.oneLine ?? 'nobody'
    return wrong(
      check,
      `its certificate does not lead to this node's authority: ${distrust}; it was issued by ${issuer}`,
      'It belongs to another chain, or its certificate has expired: give both nodes certificates of one authority.',
    )
  }
  return leaf === undefined || nodeIdOfCertificate(leaf) === undefined
    ? wrong(check, 'its certificate is not that of a node', 'Check that the port is a P2P port.')
    : undefined
}

/** This node's own lists. */
function excluded(check: string, { config }: NodeFiles, nodeId: string): Finding | undefined {
  const place = `node id ${nodeId.slice(0, 16)}…`
  if (config.denied.includes(nodeId)) {
    return wrong(check, `${place} is on the deny list of this node`, LISTS)
  }
  if (config.allowed.length > 0 && !config.allowed.includes(nodeId)) {
    return wrong(check, `${place} is not on the allow list of this node`, LISTS)
  }
  return undefined
}

const LISTS =
  'Change certificate_blacklist or certificate_whitelist in config.ini, then run scripts/reload_whitelist.sh.'

/** Waits for the first words of the peer: if it refuses this node, there are none. */
function greet(check: string, socket: TLSSocket, facts: TlsFacts): Promise<Finding> {
  return new Promise((resolve) => {
    const finish = (finding: Finding): void => {
      clearTimeout(timer)
      resolve(finding)
    }
    const timer = setTimeout(() => {
      finish(warning(check, 'TLS is fine, but it says nothing', 'Look at the log of that node.'))
    }, GREETING_MS)
    const refused = (): void =>
      finish(wrong(check, 'it closes the connection after TLS: it refuses this node', REFUSED))
    socket.once('error', refused)
    socket.once('close', refused)
    socket.once('data', (bytes: Uint8Array) => {
      finish(isHeartbeat(bytes) ? ok(check, describe(facts)) : wrong(check, NO_FRAME, VERSIONS))
    })
  })
}

const REFUSED =
  "Its allow or deny list is against this node (see its log: 'Connection refused', level debug), or another node runs with this node's key."
const NO_FRAME = 'it speaks another form of frames'
const VERSIONS =
  'Check that the port is the P2P port, and that its supported_version is above 2.0.0-rc1.'

function isHeartbeat(bytes: Uint8Array): boolean {
  if (bytes.length < FRAME_HEADER_BYTES) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return view.getInt32(6) === HEARTBEAT.protocolId && view.getUint16(10) === HEARTBEAT.packetType
}

function describe({ protocol, curve, chain }: TlsFacts): string {
  const [leaf] = chain
  const { subject, issuer } = leaf ?? {}
  return `${subject?.commonName ?? '?'} of ${issuer?.commonName ?? '?'}, ${protocol} on ${curve}`
}

function idOf({ chain }: Shown): string | undefined {
  const [leaf] = chain
  return leaf === undefined ? undefined : nodeIdOfCertificate(leaf)
}

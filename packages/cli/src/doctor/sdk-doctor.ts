import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, isBcosError, utf8 } from '@bcos-ts/common'
import { certificatesFromPem } from '@bcos-ts/crypto/certificate'
import { ChannelType } from '@bcos-ts/protocol/channel'
import { systemReasonOf } from '../files.ts'
import { checkCertificates } from './certificates.ts'
import { ChannelClient } from './channel-client.ts'
import { failed, type Finding, ok, warning, wrong } from './finding.ts'
import { listOf, numberOf, parseAnswer, recordOf, textOf } from './node-rpc.ts'
import {
  attemptTls,
  type Credentials,
  type Shown,
  type Target,
  type TlsAttempt,
  type TlsFacts,
} from './tls-probe.ts'

const SDK_FILES = { key: 'sdk.key', certificate: 'sdk.crt', ca: 'ca.crt' } as const
const VERSIONS = { minimumSupport: 1, maximumSupport: 3, clientType: 'bcos-ts doctor' }
const CLOCK_AHEAD_MS = 5000

/** Connects to a Channel port as an SDK with the files of this folder, and looks at each step. */
export async function examineSdk(
  folder: string,
  target: Target,
  clock: Clock,
): Promise<readonly Finding[]> {
  const files = readSdkFiles(folder)
  if ('check' in files) return [files]
  const findings = checkCertificates('sdk', files, clock)
  if (findings.some(({ state }) => state === 'wrong')) return findings
  const attempt = await attemptTls(target, files)
  if (attempt.type === 'failed') return [...findings, ...unreachable(attempt, files)]
  const client = new ChannelClient(attempt.socket)
  try {
    const agency = compareAgencies(attempt.facts, files)
    findings.push(ok('TCP', 'connected'), ...checkTls(attempt.facts))
    findings.push(...(await askAsSdk(client, agency, clock)))
    return findings
  } catch (error) {
    return [...findings, failed('answers', error)]
  } finally {
    client.close()
  }
}

function readSdkFiles(folder: string): Credentials | Finding {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  try {
    return {
      key: read(SDK_FILES.key),
      certificate: read(SDK_FILES.certificate),
      ca: read(SDK_FILES.ca),
    }
  } catch (error) {
    return wrong(
      'sdk: files',
      `${folder}: ${systemReasonOf(error)}`,
      'Name the folder that build-chain made beside the nodes: it has ca.crt, sdk.crt and sdk.key.',
    )
  }
}

function unreachable(
  { stage, reason, shown }: TlsAttempt & { readonly type: 'failed' },
  files: Credentials,
): Finding[] {
  if (stage === 'tcp') {
    const remedy =
      'Check that the node runs, and that host and port are those of channel_listen_port.'
    return [wrong('TCP', reason, remedy)]
  }
  const connected = ok('TCP', 'connected')
  if (shown === undefined || shown.chain.length === 0) {
    return [connected, wrong('TLS', reason, OTHER_PORT)]
  }
  if (shown.distrust !== undefined) return [connected, checkTrust(shown)]
  return [connected, checkTrust(shown), refused(compareAgencies(shown, files), reason)]
}

const OTHER_PORT =
  'Check that the port is channel_listen_port, and that ca.crt and sdk.crt were made with the node. rsa_crypto_channel decides which certificates it wants.'

function checkTls(facts: TlsFacts): Finding[] {
  const { protocol, cipher, curve } = facts
  return [ok('TLS', `${protocol}, ${cipher}, ${curve}`), checkTrust(facts)]
}

function checkTrust({ chain, distrust }: Shown): Finding {
  const check = 'certificate of the node'
  const subject = chain[0]?.subject.oneLine ?? 'none'
  if (distrust === undefined) return ok(check, subject)
  return wrong(
    check,
    `${subject} does not lead to ca.crt of this SDK: ${distrust}`,
    'Give the SDK the ca.crt, sdk.crt and sdk.key that were made with this node: those of the same chain and agency.',
  )
}

/** What the two agencies are where they differ and may matter (spec 02 §2.4). */
function compareAgencies(
  { chain: [node] }: Shown,
  { certificate }: Credentials,
): string | undefined {
  if (node === undefined) return undefined
  const [sdk] = certificatesFromPem(certificate)
  if (sdk.basicConstraints === undefined) return undefined
  if (sdk.issuer.oneLine === node.issuer.oneLine) return undefined
  return `this SDK is of ${sdk.issuer.oneLine}, the node of ${node.issuer.oneLine}`
}

async function askAsSdk(
  client: ChannelClient,
  agency: string | undefined,
  clock: Clock,
): Promise<Finding[]> {
  let shaken: string
  try {
    shaken = (await client.ask(ChannelType.handshake, utf8(JSON.stringify(VERSIONS)))).text
  } catch (error) {
    if (!isBcosError(error, 'CLI_PROBE_FAILED')) throw error
    return [refused(agency, error.message)]
  }
  const { protocol, nodeVersion } = parseAnswer(shaken)
  const findings = [
    agency === undefined
      ? ok('agency', 'the same as that of the node, or not asked for')
      : warning(
          'agency',
          `${agency}; this node takes it`,
          'Other nodes may not: check_cert_issuer decides.',
        ),
    ok('handshake', `channel version ${String(protocol)}, chain format ${String(nodeVersion)}`),
  ]
  return [...findings, ...(await checkGroups(client, clock))]
}

function refused(agency: string | undefined, reason: string): Finding {
  if (agency === undefined) {
    return wrong(
      'handshake',
      reason,
      'See the log of the node: "Handshake failed" or "Client disconnected".',
    )
  }
  return wrong(
    'agency',
    `the node closes the connection: ${agency}`,
    'Use the sdk folder of the agency of the node, or set check_cert_issuer=false in [network_security] of the node.',
  )
}

const REFUSALS: Readonly<Record<number, readonly [detail: string, remedy: string]>> = {
  [-40_009]: ['the node is neither sealer nor observer of it', 'Connect to a member of the group.'],
  [-40_011]: ['too many requests a second', 'Raise flow_control.limit_req, or ask less often.'],
  [-40_012]: [
    'the key of this SDK is not on the list of the group',
    "Add the text of sdk.publickey to [sdk_allowlist] of the node's group.N.ini and run scripts/reload_sdk_allowlist.sh.",
  ],
}

async function checkGroups(client: ChannelClient, clock: Clock): Promise<Finding[]> {
  const groups = listOf((await ask(client, 'getGroupList', [])).result)
  const findings: Finding[] = []
  for (const group of groups) {
    const groupId = numberOf(group)
    if (groupId !== undefined) findings.push(...(await checkGroup(client, groupId, clock)))
  }
  return findings.length > 0
    ? findings
    : [wrong('groups', 'the node is in no group', 'Connect to a member of the group.')]
}

async function checkGroup(
  client: ChannelClient,
  groupId: number,
  clock: Clock,
): Promise<Finding[]> {
  const check = `group ${groupId}`
  const { result, code } = await ask(client, 'getBlockNumber', [groupId])
  const height = numberOf(result)
  if (height === undefined) {
    const [detail, remedy] = REFUSALS[code ?? 0] ?? [
      `error ${String(code)}`,
      'bcos-ts explain tells more.',
    ]
    return [wrong(check, detail, remedy)]
  }
  const { result: block } = await ask(client, 'getBlockByNumber', [groupId, String(height), false])
  const timestamp = numberOf(textOf(recordOf(block)['timestamp']))
  const aheadMs = (timestamp ?? 0) - clock.nowMs()
  const clockFinding =
    aheadMs > CLOCK_AHEAD_MS
      ? wrong(
          `${check}: clock`,
          `the latest block is ${Math.round(aheadMs / 1000)} s in the future of this host`,
          'Let all hosts take their time from a time server (NTP).',
        )
      : ok(`${check}: clock`, 'the latest block is not in the future')
  return [ok(check, `open to this SDK, block ${height}`), clockFinding]
}

async function ask(
  client: ChannelClient,
  method: string,
  params: readonly unknown[],
): Promise<{ readonly result: unknown; readonly code: number | undefined }> {
  const text = await client.rpc(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
  const { result, error } = parseAnswer(text)
  return { result, code: numberOf(recordOf(error)['code']) }
}

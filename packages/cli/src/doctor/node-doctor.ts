import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '@bcos-ts/common'
import { type GroupSettings, groupRegistryOf, type NodeFiles, readNodeFiles } from '@bcos-ts/node'
import { checkCertificates, nodeIdOfPem } from './certificates.ts'
import { failed, type Finding, ok, skipped, warning, wrong } from './finding.ts'
import { checkData, checkGroups } from './groups.ts'
import { recordOf, type RunningNodeView, textOf, viewRunningNode } from './node-rpc.ts'
import { checkPeers } from './peers.ts'
import { checkPorts } from './ports.ts'

/** Looks at a node's folder, at the node if it runs, and at its peers; causes come before what they cause. */
export async function examineNode(folder: string, clock: Clock): Promise<readonly Finding[]> {
  const found = readFiles(join(folder, 'config.ini'))
  if (!('files' in found)) return [found]
  const { files, groups } = found
  const running = await viewRunningNode(files)
  const own = checkOwnFiles(found, clock)
  const process = checkProcess(files, running)
  const ports = await checkPorts(files, process.isOurs)
  const findings = [...own, process.finding, ...ports]
  const view = process.isOurs ? running : undefined
  findings.push(...(await checkPeers(files, view)))
  if (view !== undefined) {
    return [...findings, await checkRelease(view), ...(await checkGroups(groups, view, clock))]
  }
  return [...findings, ...(await checkData(groups)), skipped('groups', 'the node does not run')]
}

/** What is in the folder of a node. */
interface FoundFiles {
  readonly files: NodeFiles
  readonly groups: readonly GroupSettings[]
}

function readFiles(file: string): FoundFiles | Finding {
  const check = 'configuration files'
  if (!existsSync(file)) {
    return wrong(
      check,
      `there is no ${file}`,
      'Name the folder of a node: the one with config.ini.',
    )
  }
  try {
    const files = readNodeFiles(file)
    const registry = groupRegistryOf(files)
    return { files, groups: registry.ids().map((groupId) => registry.read(groupId)) }
  } catch (error) {
    return failed(check, error)
  }
}

function countOf(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}

function checkOwnFiles({ files, groups }: FoundFiles, clock: Clock): Finding[] {
  const { config, node, channel } = files
  const [first] = [...config.warnings, ...groups.flatMap((group) => group.config.warnings)]
  const parsed =
    first === undefined
      ? ok('configuration files', `config.ini and ${countOf(groups.length, 'group')} are read`)
      : warning('configuration files', first, 'Remove what has no effect, or see why it has none.')
  const sets = checkCertificates('node', node, clock)
  if (config.chain.isRsaChannel) sets.push(...checkCertificates('channel', channel, clock))
  return [parsed, ...sets]
}

/** Who answers at the JSON-RPC port. */
function checkProcess(
  files: NodeFiles,
  running: RunningNodeView | undefined,
): { readonly finding: Finding; readonly isOurs: boolean } {
  const check = 'process'
  const { port } = files.config.rpc.http
  if (running === undefined) {
    return { finding: ok(check, `no node answers at JSON-RPC port ${port}`), isOurs: false }
  }
  const own = nodeIdOfPem(files.node.certificate)
  if (own !== undefined && running.nodeId !== own) {
    const detail = `another node, ${running.nodeId.slice(0, 16)}…, answers at JSON-RPC port ${port}`
    return { finding: wrong(check, detail, OTHER_NODE), isOurs: false }
  }
  return { finding: ok(check, `runs, and answers at JSON-RPC port ${port}`), isOurs: true }
}

const OTHER_NODE =
  'Two folders name one port: give one of them other ports. Or the key of this node was changed while it ran: restart it.'

/** The release of a node that answers. */
async function checkRelease({ ask }: RunningNodeView): Promise<Finding> {
  const version = recordOf((await ask('getClientVersion')).result)
  const binary = textOf(version['FISCO-BCOS Version']) ?? '?'
  const supported = textOf(version['Supported Version']) ?? '?'
  return ok('release', `${binary}, chain format ${supported}`)
}

import { createServer } from 'node:net'
import type { NodeFiles } from '@bcos-ts/node'
import { systemReasonOf } from '../files.ts'
import { type Finding, ok, wrong } from './finding.ts'
import type { Target } from './tls-probe.ts'

/** Whether each port of the node is its own while it runs, or free while it does not. */
export async function checkPorts({ config }: NodeFiles, isRunning: boolean): Promise<Finding[]> {
  const ports: readonly (readonly [name: string, target: Target])[] = [
    ['P2P', config.p2p.listen],
    ['Channel', config.rpc.channel],
    ['JSON-RPC', config.rpc.http],
  ]
  const findings: Finding[] = []
  for (const [name, target] of ports) {
    findings.push(await checkPort(`port ${target.port} (${name})`, target, isRunning))
  }
  return findings
}

async function checkPort(check: string, target: Target, isRunning: boolean): Promise<Finding> {
  const obstacle = await listenObstacle(target)
  if (isRunning) {
    return obstacle === undefined
      ? wrong(check, 'the node runs, but does not listen there', RESTART)
      : ok(check, 'taken by this node')
  }
  return obstacle === undefined
    ? ok(check, 'free; the node does not run')
    : wrong(check, `the node does not run, but its port cannot be opened: ${obstacle}`, FREE)
}

const RESTART = 'config.ini was changed after the start: restart the node.'
const FREE =
  'Find who has the port (ss -ltnp) and stop it, or change the port in config.ini and in the node.N lines of the others.'

/** Why the port cannot be opened, if it cannot. */
function listenObstacle({ host, port }: Target): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(systemReasonOf(error)))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}

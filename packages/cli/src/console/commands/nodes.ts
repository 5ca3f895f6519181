/**
 * Who takes part, and the parameters of the group.
 * @module
 */
import { Consensus, type ConsensusResult, SystemConfig } from '@bcos-ts/sdk'
import type { Arguments } from '../arguments.ts'
import type { ConsoleCommand } from '../command.ts'
import { NodeRefusalError } from '../errors.ts'
import { resultOutput } from '../native.ts'
import { json, type Output, value } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'

const NODE_ID: Parameter = {
  name: 'nodeId',
  kind: 'nodeId',
  help: 'node id of 128 hexadecimal digits; getNodeIDList tells those in reach',
}

const KEY: Parameter = {
  name: 'key',
  kind: 'configKey',
  help: 'tx_count_limit, tx_gas_limit, consensus_timeout, rpbft_epoch_sealer_num, rpbft_epoch_block_num or enable_charge_mgr',
}

const PEERS: Parameter = {
  name: 'peers',
  kind: 'endpoint',
  help: 'P2P addresses HOST:PORT, with blanks between them',
  isRest: true,
}

const NODE_ID_EXAMPLE = 'c1f0'.repeat(32)

function member(
  name: string,
  summary: string,
  change: (consensus: Consensus, nodeId: string) => Promise<ConsensusResult>,
): ConsoleCommand {
  return {
    name,
    theme: 'nodes',
    summary,
    parameters: [NODE_ID],
    example: `${name} ${NODE_ID_EXAMPLE}`,
    run: async (session, args) => {
      const consensus = new Consensus(await session.user())
      return resultOutput(name, await change(consensus, args.get('nodeId')))
    },
  }
}

function peers(name: 'addPeers' | 'erasePeers', summary: string): ConsoleCommand {
  return {
    name,
    theme: 'nodes',
    summary,
    parameters: [PEERS],
    example: `${name} 127.0.0.1:30304 127.0.0.1:30305`,
    run: async (session, args) => changePeers(session, name, args),
  }
}

async function changePeers(
  session: Session,
  name: 'addPeers' | 'erasePeers',
  args: Arguments,
): Promise<Output> {
  const answer = await session.client.node[name](args.rest.map(({ text }) => text))
  if (answer.code !== 0) throw new NodeRefusalError(name, String(answer.code), answer.message)
  return json({ code: answer.code, msg: answer.message })
}

export const NODE_COMMANDS: readonly ConsoleCommand[] = [
  member('addSealer', 'make a node a sealer of the group', async (consensus, id) =>
    consensus.addSealer(id),
  ),
  member('addObserver', 'make a node an observer of the group', async (consensus, id) =>
    consensus.addObserver(id),
  ),
  member('removeNode', 'take a node out of the group', async (consensus, id) =>
    consensus.removeNode(id),
  ),
  peers('addPeers', 'have this node dial more addresses'),
  peers('erasePeers', 'have this node dial some addresses no more'),
  {
    name: 'setSystemConfigByKey',
    theme: 'system configuration',
    summary: 'set a parameter of the group',
    parameters: [KEY, { name: 'value', kind: 'text', help: 'the new value' }],
    details: 'The value counts from the next block on.',
    example: 'setSystemConfigByKey tx_count_limit 100',
    run: async (session, args) => {
      const config = new SystemConfig(await session.user())
      const result = await config.setValueByKey(args.get('key'), args.get('value'))
      return resultOutput('setSystemConfigByKey', result)
    },
  },
  {
    name: 'getSystemConfigByKey',
    theme: 'system configuration',
    summary: 'a parameter of the group',
    parameters: [KEY],
    example: 'getSystemConfigByKey tx_count_limit',
    run: async (session, args) =>
      value(String(await session.ask('getSystemConfigByKey', args.get('key')))),
  },
]

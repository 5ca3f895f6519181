/**
 * Questions about the chain, one JSON-RPC method each.
 * @module
 */
import type { ConsoleCommand } from '../command.ts'
import { json, type Output, toJson, value } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'

const NODE: Parameter = {
  name: 'endPoint',
  kind: 'endpoint',
  help: 'another node than that of the console',
  isOptional: true,
}

/** A question without arguments whose answer is shown as it comes. */
function question(
  name: string,
  summary: string,
  more: Partial<Pick<ConsoleCommand, 'theme' | 'aliases'>> = {},
  ask = async (session: Session): Promise<Output> => json(toJson(await session.ask(name))),
): ConsoleCommand {
  return { name, theme: 'chain', summary, parameters: [], example: name, ...more, run: ask }
}

/** A question to one node, whatever the group. */
function nodeQuestion(
  name: string,
  summary: string,
  more: Partial<Pick<ConsoleCommand, 'theme' | 'aliases'>> & { readonly method?: string } = {},
): ConsoleCommand {
  const { method = name, ...rest } = more
  return {
    name,
    theme: 'nodes',
    summary,
    parameters: [NODE],
    example: name,
    ...rest,
    run: async (session, args) =>
      session.withNode(args.optional('endPoint'), async ({ transport }) =>
        json(toJson(await transport.request(method, [session.groupId]))),
      ),
  }
}

/** Quantities are hexadecimal on the wire. */
async function quantity(
  { client }: Session,
  method: 'getBlockNumber' | 'getPbftView' | 'getPendingTxSize',
): Promise<Output> {
  return value(await client[method]())
}

export const QUERY_COMMANDS: readonly ConsoleCommand[] = [
  question('getBlockNumber', 'height of the group', {}, async (session) =>
    quantity(session, 'getBlockNumber'),
  ),
  question('getPbftView', 'view of consensus on this node', {}, async (session) =>
    quantity(session, 'getPbftView'),
  ),
  question('getConsensusStatus', 'what consensus is doing on this node'),
  question('getConsensusProgress', 'what the group lacks for its next block, as this node sees it'),
  question(
    'getExecutionDifference',
    'the block that has another result on this node than in its group, if there is one',
  ),
  question('getSyncStatus', 'how far this node and its neighbours are'),
  question(
    'getTotalTransactionCount',
    'transactions of the group so far, and its height',
    {},
    async (session) => {
      const counts = Object.entries(Object(await session.ask('getTotalTransactionCount')))
      return json(Object.fromEntries(counts.map(([name, count]) => [name, Number(count)])))
    },
  ),
  question('getSealerList', 'node ids of the sealers of the group', { aliases: ['getMinerList'] }),
  question('getObserverList', 'node ids of the observers of the group'),
  question('getEpochSealersList', 'node ids of the sealers at work, in a group with rPBFT'),
  question('getGroupPeers', 'node ids of all members of the group'),
  question('getPendingTransactions', 'transactions that wait in the pool of this node', {
    theme: 'blocks and transactions',
  }),
  question(
    'getPendingTxSize',
    'how many transactions wait in the pool of this node',
    { theme: 'blocks and transactions' },
    async (session) => quantity(session, 'getPendingTxSize'),
  ),
  nodeQuestion('getNodeVersion', 'release of the node, and of the chain format it follows', {
    method: 'getClientVersion',
    aliases: ['getClientVersion'],
  }),
  nodeQuestion('getNodeInfo', 'name, agency, address and topics of the node'),
  nodeQuestion('getPeers', 'nodes that this node is connected to'),
  nodeQuestion('getNodeIDList', 'node ids of this node and of those it is connected to'),
  nodeQuestion('queryPeers', 'addresses that this node dials'),
  nodeQuestion('getGroupList', 'groups that this node serves', { theme: 'groups' }),
  {
    name: 'getCode',
    theme: 'contracts',
    summary: 'byte code of a contract',
    parameters: [{ name: 'contractAddress', kind: 'address', help: 'address of the contract' }],
    example: 'getCode 0x97b8c19598fd781aaeb53a1957ef9c8acc59f705',
    run: async (session, args) =>
      value(String(await session.ask('getCode', args.get('contractAddress')))),
  },
]

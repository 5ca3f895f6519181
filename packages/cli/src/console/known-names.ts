/**
 * Names that completion offers, from the session and the chain it is on.
 * @module
 */
import { readdir } from 'node:fs/promises'
import type { ConsoleCommand } from './command.ts'
import type { CompletionSource } from './completion.ts'
import { namesOf } from './interpreter.ts'
import type { ParameterKind } from './parameter.ts'
import type { Session } from './session.ts'

const CONFIG_KEYS: readonly string[] = [
  'consensus_timeout',
  'enable_charge_mgr',
  'rpbft_epoch_block_num',
  'rpbft_epoch_sealer_num',
  'tx_count_limit',
  'tx_gas_limit',
]

type Lookup = (session: Session, words: readonly string[]) => Promise<readonly string[]>

const LOOKUPS: Readonly<Partial<Record<ParameterKind, Lookup>>> = {
  contract: async (session) => session.contracts.names(),
  function: functionNames,
  deployed: async (session, words) => ['latest', ...(await deployedAddresses(session, words[1]))],
  address: async (session) => deployedAddresses(session, undefined),
  account: async (session) => (await session.accounts()).addresses(),
  table: async (session) => [...session.tables],
  nodeId: async (session) => session.client.node.getNodeIDList(),
  group: async (session) => (await session.client.node.getGroupList()).map(String),
  endpoint: async (session) => [session.connection.endpoint],
  configKey: async () => CONFIG_KEYS,
  boolean: async () => ['false', 'true'],
  file: filesNear,
}

export function sessionNames(
  session: Session,
  commands: readonly ConsoleCommand[],
): CompletionSource {
  return {
    names: async (kind, words) => {
      if (kind === 'command') return commands.flatMap(namesOf)
      return (await LOOKUPS[kind]?.(session, words)) ?? []
    },
  }
}

/** Functions of a contract that was deployed from here: compiling one takes longer than a Tab may. */
async function functionNames(
  session: Session,
  [, contract = '', given]: readonly string[],
): Promise<readonly string[]> {
  const group = await session.chainGroup()
  const [name = ''] = contract.split(':')
  const address =
    given === undefined || given === 'latest'
      ? (await session.deployments.latest(group, name))?.address
      : given
  const abi = address === undefined ? [] : await session.deployments.abi(group, address)
  return (abi ?? []).filter(({ type }) => type === 'function').map((item) => item.name ?? '')
}

async function deployedAddresses(
  session: Session,
  name: string | undefined,
): Promise<readonly string[]> {
  const all = await session.deployments.list(await session.chainGroup())
  const wanted = name === undefined ? all : all.filter((one) => one.name === name)
  return [...new Set(wanted.map(({ address }) => address))]
}

/** Files of the working folder. */
async function filesNear(): Promise<readonly string[]> {
  return readdir('.')
}

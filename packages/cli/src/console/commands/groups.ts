/**
 * Groups of a node.
 * @module
 */
import type { GroupManagement, ManagementAnswer } from '@bcos-ts/sdk'
import { readText } from '../../files.ts'
import type { Arguments } from '../arguments.ts'
import type { ConsoleCommand } from '../command.ts'
import { ArgumentError, NodeRefusalError } from '../errors.ts'
import { formOf } from '../forms.ts'
import { readGroupFile } from '../group-file.ts'
import { json, type Json, type Output } from '../output.ts'
import type { Parameter } from '../parameter.ts'

const NODE: Parameter = {
  name: 'endPoint',
  kind: 'endpoint',
  help: 'the node to manage as HOST:PORT, reached in the way of the console (default: its own node)',
  isOptional: true,
}
const GROUP: Parameter = { name: 'groupId', kind: 'group', help: 'number of the group' }
const NODE_ID_EXAMPLE = 'c1f0'.repeat(32)

type Change = 'startGroup' | 'stopGroup' | 'removeGroup' | 'recoverGroup'

function change(name: Change, summary: string): ConsoleCommand {
  return {
    name,
    theme: 'groups',
    summary,
    parameters: [NODE, GROUP],
    details: 'Each node of the group is told by itself.',
    example: `${name} 2`,
    run: async (session, args) =>
      session.withNode(args.optional('endPoint'), async (node) =>
        managementOutput(name, await node[name](args.number('groupId'))),
      ),
  }
}

/** In the form of 2.x. Throws `CONSOLE_NODE_REFUSED` for anything but success. */
function managementOutput(
  name: string,
  answer: ManagementAnswer,
  more: Readonly<Record<string, Json>> = {},
): Output {
  accepted(name, answer)
  return json({ code: answer.code, message: answer.message, ...more })
}

function accepted(name: string, { code, message }: ManagementAnswer): void {
  if (code !== 0) throw new NodeRefusalError(name, `0x${code.toString(16)}`, message)
}

function sealersOf(args: Arguments): readonly string[] {
  return args.rest.map(({ text }) => {
    const id = formOf('nodeId').read(text)
    if (id !== undefined) return id
    throw new ArgumentError('generateGroup', 'sealers', `${text} is no node id`)
  })
}

async function generate(
  node: GroupManagement,
  groupId: number,
  group: { readonly timestamp: string; readonly sealers: readonly string[] },
): Promise<ManagementAnswer> {
  const { timestamp, sealers } = group
  return node.generateGroup(groupId, { timestamp: BigInt(timestamp), sealers })
}

export const GROUP_COMMANDS: readonly ConsoleCommand[] = [
  {
    name: 'generateGroup',
    theme: 'groups',
    summary: 'write the files of a new group on a node',
    parameters: [
      NODE,
      GROUP,
      {
        name: 'timestamp',
        kind: 'amount',
        help: 'time of the genesis block, milliseconds since 1970; the same on all nodes of the group',
      },
      {
        name: 'sealers',
        kind: 'nodeId',
        help: 'node ids of the sealers, with blanks between them',
        isRest: true,
      },
    ],
    details: 'startGroup starts the group then. Each node of the group is told by itself.',
    example: `generateGroup 2 1590586645000 ${NODE_ID_EXAMPLE}`,
    run: async (session, args) =>
      session.withNode(args.optional('endPoint'), async (node) => {
        const group = { timestamp: args.get('timestamp'), sealers: sealersOf(args) }
        return managementOutput(
          'generateGroup',
          await generate(node, args.number('groupId'), group),
        )
      }),
  },
  {
    name: 'generateGroupFromFile',
    theme: 'groups',
    summary: 'write the files of a new group on all nodes that a file names',
    parameters: [
      {
        name: 'groupConfigFilePath',
        kind: 'file',
        help: 'a file with peers, sealerList and timestamp, as the console of 2.x reads it',
      },
      GROUP,
    ],
    example: 'generateGroupFromFile conf/group-generate-config.toml 2',
    run: async (session, args) => {
      const file = args.get('groupConfigFilePath')
      const group = readGroupFile(await readText(file), file)
      const groupId = args.number('groupId')
      const answers: Record<string, Json> = {}
      for (const peer of group.peers) {
        await session.withNode(peer, async (node) => {
          const answer = await generate(node, groupId, group)
          accepted(`generateGroup on ${peer}`, answer)
          answers[peer] = { code: answer.code, message: answer.message }
        })
      }
      return json(answers)
    },
  },
  change('startGroup', 'start a group on a node'),
  change('stopGroup', 'stop a group on a node'),
  change('removeGroup', 'take a stopped group away from a node; its data stay'),
  change('recoverGroup', 'bring a removed group back, stopped'),
  {
    name: 'queryGroupStatus',
    theme: 'groups',
    summary: 'whether a group runs on a node',
    parameters: [NODE, GROUP],
    example: 'queryGroupStatus 2',
    run: async (session, args) =>
      session.withNode(args.optional('endPoint'), async (node) => {
        const answer = await node.queryGroupStatus(args.number('groupId'))
        return managementOutput('queryGroupStatus', answer, { status: answer.status })
      }),
  },
]

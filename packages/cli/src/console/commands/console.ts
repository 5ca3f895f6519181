/**
 * The console itself.
 * @module
 */
import type { ConsoleCommand } from '../command.ts'
import { helpOf, helpOfAll } from '../help.ts'
import { Interpreter } from '../interpreter.ts'
import { fields, json, message } from '../output.ts'

/** `help`, over a table that holds help itself. */
export function helpCommand(all: () => readonly ConsoleCommand[]): ConsoleCommand {
  return {
    name: 'help',
    aliases: ['h'],
    theme: 'console',
    summary: 'all commands, or how one of them is called',
    parameters: [{ name: 'command', kind: 'command', help: 'name of a command', isOptional: true }],
    example: 'help getBlockByNumber',
    run: async (session, args) => {
      const name = args.optional('command')
      if (name === undefined) return helpOfAll(all())
      return helpOf(new Interpreter(session, all()).find(name))
    },
  }
}

export const CONSOLE_COMMANDS: readonly ConsoleCommand[] = [
  {
    name: 'quit',
    aliases: ['q', 'exit'],
    theme: 'console',
    summary: 'leave',
    parameters: [],
    example: 'quit',
    run: async (session) => {
      session.leave()
      return message('')
    },
  },
  {
    name: 'switch',
    aliases: ['s'],
    theme: 'console',
    summary: 'work on another group',
    parameters: [{ name: 'groupId', kind: 'group', help: 'a group that the node serves' }],
    example: 'switch 2',
    run: async (session, args) => {
      await session.switchGroup(args.number('groupId'))
      return message(`Switched to group ${session.groupId}.`, { groupId: session.groupId })
    },
  },
  {
    name: 'getCryptoType',
    theme: 'console',
    summary: 'cryptography of the chain and of the connection',
    parameters: [],
    example: 'getCryptoType',
    run: async (session) => {
      const { name } = await session.suite()
      const isTls = session.connection.kind === 'Channel'
      return fields([
        ['ledger crypto type', name === 'guomi' ? 'SM' : 'ECDSA'],
        ['ssl crypto type', isTls ? 'ECDSA' : 'none'],
      ])
    },
  },
  {
    name: 'getAvailableConnections',
    theme: 'console',
    summary: 'nodes that the console is connected to',
    parameters: [],
    example: 'getAvailableConnections',
    run: async (session) => json([session.connection.endpoint]),
  },
  {
    name: 'getGroupConnections',
    theme: 'console',
    summary: 'nodes that the console is connected to and that serve the current group',
    parameters: [],
    example: 'getGroupConnections',
    run: async (session) => {
      const groups = await session.client.node.getGroupList()
      return json(groups.includes(session.groupId) ? [session.connection.endpoint] : [])
    },
  },
]

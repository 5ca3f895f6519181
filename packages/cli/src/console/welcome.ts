import type { Session } from './session.ts'

/** What a person reads first. Throws when the node does not answer, or does not serve the group. */
export async function welcome(session: Session): Promise<string> {
  const version = await session.client.node.getClientVersion()
  await session.switchGroup(session.groupId)
  const { endpoint, kind } = session.connection
  const { name } = await session.suite()
  return [
    `Connected to ${endpoint} (${kind}), release ${version.version}, chain ${version.chainId}, ${name}.`,
    'help lists all commands, help COMMAND tells about one, Tab completes, quit leaves.',
  ].join('\n')
}

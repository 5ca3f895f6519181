import * as nodePackage from '@bcos-ts/node'
import { NotIncludedError } from '../errors.ts'

/** A node that runs. */
export interface RunningNode {
  stop(): Promise<void>
}

/** Starts a node; `configFile` is an absolute path. Resolves when it serves. */
export type StartNode = (configFile: string) => Promise<RunningNode>

/** `startNode` of the node package. Throws `CLI_NOT_INCLUDED` where the package has none. */
export const startNode: StartNode = async (configFile) => {
  if (!hasStartNode(nodePackage)) throw new NotIncludedError('node that can be started')
  return nodePackage.startNode(configFile)
}

function hasStartNode(entry: object): entry is { readonly startNode: StartNode } {
  return 'startNode' in entry && typeof entry.startNode === 'function'
}

import type { ErrorGuide } from '@bcos-ts/common'
import type { ExecutorErrorCode } from './errors.ts'

export const executorErrorGuide: Readonly<Record<ExecutorErrorCode, ErrorGuide>> = {
  EXECUTOR_WRONG_PARENT: {
    cause:
      'A block was to be executed that is not the next one: another was committed in the meantime.',
    evidence:
      'Inside the node, while consensus and synchronisation overtake each other; programs that execute blocks themselves see it.',
    remedy: 'Nothing in a node. In a program, execute the block behind the head.',
  },
  EXECUTOR_INVALID_BLOCK: {
    cause: 'A block holds a transaction without a valid signature: its proposer did not check it.',
    evidence:
      'Log: `The proposed block cannot be executed`, or `a block cannot be added` from synchronisation.',
    remedy: 'Nothing on this node: the block gets no vote. Look at the sealer that proposed it.',
  },
}

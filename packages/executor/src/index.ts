/**
 * Executes blocks of a BCOS chain over ports: which virtual machine, which storage and which native contracts
 * it runs on is chosen by whoever puts it together.
 * @module
 */
export { createBlockExecutor, type ExecutorComponents, receiptsRoot } from './execute-block.ts'
export {
  ExecutorError,
  type ExecutorErrorCode,
  InvalidBlockError,
  WrongParentError,
} from './errors.ts'
export type { LaneJob, LanePool, LaneWork } from './parallel/lane-pool.ts'
export { type LaneComponents, runLaneJob } from './parallel/lane-runner.ts'
export type { Overhead, ParallelInit } from './parallel/parallel-execution.ts'
export type { Profile } from './parallel/profile.ts'
export { intrinsicGas } from './execute-transaction.ts'
export { executorErrorGuide } from './error-guide.ts'

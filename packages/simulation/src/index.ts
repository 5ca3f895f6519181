/**
 * Whole groups in one seeded world: the shipping consensus engine among faults and liars, and a judge that watches
 * for what must not be.
 *
 * @example
 * ```ts
 * import { simulate } from '@bcos-ts/simulation'
 *
 * const { violation, height } = await simulate({ seed: 42 })
 * ```
 * @module
 */
export { Checker, type CheckerInit } from './checker.ts'
export { executeModel, type Membering, ModelChain, type ModelChainInit } from './model/chain.ts'
export {
  type ModelIdentity,
  type ModelMessage,
  ModelNode,
  type ModelNodeInit,
} from './model/node.ts'
export { ModelPool } from './model/pool.ts'
export { describeMessage, envelopeOf, voteKindOf } from './model/trace.ts'
export { type Plan, type Plant, planOf, type SimulationOptions } from './plan.ts'
export { identitiesOf, modelTransaction, simulate, type SimulationResult } from './simulation.ts'

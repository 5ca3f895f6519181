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
export type { Companion, CompanionInit, CompanionKind } from './model/companion.ts'
export { identitiesOf } from './model/identity.ts'
export type { FrameMessage, ModelMessage } from './model/message.ts'
export { ModelNetwork } from './model/network.ts'
export { type ModelIdentity, ModelNode, type ModelNodeInit } from './model/node.ts'
export { describeMessage, envelopeOf, voteKindOf } from './model/trace.ts'
export { modelTransaction } from './model/transaction.ts'
export { type Plan, type Plant, planOf, type SimulationOptions } from './plan.ts'
export { simulate, type SimulationResult } from './simulation.ts'
export type { AdversaryKind, Behaviour } from './adversaries/adversary.ts'
export { ADVERSARIES, adversaryNamed } from './adversaries/registry.ts'
export { Toolbox, type ToolboxInit } from './adversaries/toolbox.ts'
export { type EngineKind, ENGINES } from './engines.ts'
export { FAULT_MIXES, type FaultMix } from './run/fault-mixes.ts'
export { runGroups } from './run/group-run.ts'
export type { RunOptions, RunReport, Violation } from './run/options.ts'
export { type RunSummary, summarize } from './run/summary.ts'

/**
 * A world with a seed: virtual time, a bad network, disks that lose power, nodes that crash and come back.
 *
 * @example
 * ```ts
 * import { injectFaults, SimulatedCluster } from '@bcos-ts/testing/simulator'
 *
 * const cluster = new SimulatedCluster({ seed: 7, size: 4, createNode: (environment) => new MyNode(environment) })
 * cluster.startAll()
 * injectFaults(cluster, { prng: cluster.prng.fork(), untilMs: 30_000 })
 * await cluster.world.run(120_000)
 * ```
 * @module
 */
export {
  type ClusterInit,
  type NodeDisk,
  type NodeEnvironment,
  SimulatedCluster,
  type SimulatedNode,
} from './cluster.ts'
export { type DiskOptions, SimulatedDisk } from './disk.ts'
export {
  type FaultKind,
  type FaultPlan,
  type FaultProfile,
  faultsEndMs,
  type FaultyCluster,
  injectFaults,
  MIXED_FAULTS,
} from './faults.ts'
export {
  type Delivery,
  HEALTHY_LINKS,
  type LinkFaults,
  type Sent,
  SimulatedNetwork,
} from './network.ts'
export { Prng } from './prng.ts'
export { runSeeds, type SeedFailure, type SeedReport, type SeedRun } from './run-seeds.ts'
export { createSimulatedSuite, simulatedHash } from './suite.ts'
export { NO_SKEW, type Skew, SkewedClock, World, type WorldInit } from './world.ts'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChaosNetwork } from './chaos/network.ts'
import { FAULT_KINDS, phaseOf } from './chaos/plan.ts'
import { type ChaosReport, ChaosRun } from './chaos/run.ts'

const SEED = 1
const NODES = 4
const PLAN = { seed: SEED, nodeCount: NODES, pace: 0.08, kindsInTurn: 4 }

describe('the schedule of accidents', () => {
  it('is decided by the seed alone', () => {
    const schedule = (seed: number) =>
      Array.from({ length: 20 }, (_, number) => phaseOf({ ...PLAN, seed }, number))
    expect(schedule(5)).toEqual(schedule(5))
    expect(schedule(5)).not.toEqual(schedule(6))
  })
})

describe('real nodes that are killed, frozen and cut off under load', () => {
  let network: ChaosNetwork
  let report: ChaosReport

  beforeAll(async () => {
    network = await ChaosNetwork.make({ nodeCount: NODES, consensus: 'pbft' })
    const run = new ChaosRun(
      network,
      {
        ...PLAN,
        minutes: 10,
        firstPhase: 0,
        phasesMax: 3,
        rate: 10,
        quietMs: 500,
        healMs: 120_000,
      },
      () => {},
    )
    report = await run.run()
  }, 600_000)

  afterAll(async () => {
    network.abandon()
    await network.stop()
    network.remove()
  }, 60_000)

  it('meet every kind of accident', () => {
    expect([...report.faults.keys()].toSorted()).toEqual([...FAULT_KINDS].toSorted())
  })

  it('go on after each, lose nothing that was acknowledged, and stay equal', () => {
    expect(report.complaints).toEqual([])
    expect(report.phases).toHaveLength(3)
    expect(report.acknowledged).toBeGreaterThan(0)
    expect(report.verdict.blocks).toBeGreaterThan(report.phases.length)
  })
})

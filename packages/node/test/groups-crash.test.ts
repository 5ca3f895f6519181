import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { utf8 } from '@bcos-ts/common'
import type { GroupRegistry } from '@bcos-ts/node'
import { describe, expect, it } from 'vitest'
import { Cluster, until } from './cluster.ts'

const DAG_TRANSFER = '5002'.padStart(40, '0')

class Crash extends Error {}

/** Where in a write the process dies. */
type Moment = 'before' | 'half way' | 'after'

/** Dies in one of its writes; from then on nothing reaches the disk any more. */
class CrashingRegistry implements GroupRegistry {
  readonly #files: GroupRegistry
  readonly #folder: string
  readonly #plan: { readonly write: number; readonly moment: Moment }
  #writes = 0
  isDead = false

  constructor(
    files: GroupRegistry,
    folder: string,
    plan: { readonly write: number; readonly moment: Moment },
  ) {
    this.#files = files
    this.#folder = folder
    this.#plan = plan
  }

  ids = () => this.#files.ids()
  has = (groupId: number) => this.#files.has(groupId)
  status = (groupId: number) => this.#files.status(groupId)
  read = (groupId: number) => this.#files.read(groupId)

  setStatus: GroupRegistry['setStatus'] = (groupId, status) =>
    this.#write(() => this.#files.setStatus(groupId, status))

  create: GroupRegistry['create'] = (group) =>
    this.#write(async (isHalf) => {
      await this.#files.create(group)
      if (isHalf) rmSync(join(this.#folder, 'conf', `group.${group.groupId}.genesis`))
    })

  async #write(write: (isHalf: boolean) => Promise<void>): Promise<void> {
    if (this.isDead) throw new Crash('the process is dead')
    const isNow = this.#writes++ === this.#plan.write
    if (isNow && this.#plan.moment === 'before') this.isDead = true
    // A status file is replaced in one instant; only a new group is written in steps.
    if (!this.isDead) await write(isNow && this.#plan.moment === 'half way')
    if (isNow) this.isDead = true
    if (this.isDead) throw new Crash('the process died in a write')
  }
}

const LIFE = [
  'generateGroup',
  'startGroup',
  'stopGroup',
  'removeGroup',
  'recoverGroup',
  'startGroup',
]
/** Of a whole life: two for making the group, one or two for each step after. */
const WRITES = 8

/** What a step is answered when the crash came after its effect: it has been done already. */
const DONE_BEFORE: Readonly<Record<string, readonly string[]>> = {
  generateGroup: ['0x2'],
  startGroup: ['0x3'],
  stopGroup: ['0x4'],
  removeGroup: ['0x5'],
  recoverGroup: ['0xe'],
}

describe('a node that is killed while it changes a group', () => {
  const moments: readonly Moment[] = ['before', 'half way', 'after']
  const plans = Array.from({ length: WRITES }, (_, write) =>
    moments.map((moment) => ({ write, moment })),
  ).flat()

  it.each(plans)(
    'in write $write, $moment, starts again, and can take up the work where it stopped',
    async (plan) => {
      let registry: CrashingRegistry | undefined
      const cluster: Cluster = new Cluster({
        size: 1,
        groups: { 1: [0] },
        registry: (files) => {
          // The first start of group 1 is not part of the story; only the first process dies.
          if (registry !== undefined) return files
          registry = new CrashingRegistry(files, cluster.nodes[0]!.folder, {
            ...plan,
            write: plan.write + 1,
          })
          return registry
        },
      })
      const [node] = cluster.nodes
      if (node === undefined) throw new Error('there is one node')
      await node.start()
      const run = (step: string) =>
        node.result(step, 2, ...(step === 'generateGroup' ? [params(node.nodeId)] : []))
      let crashes = 0
      for (const step of LIFE) {
        let answer = await run(step)
        if (crashes === 0 && registry?.isDead === true) {
          crashes++
          await node.stop()
          await node.start()
          answer = await run(step)
          const { code } = JSON.parse(JSON.stringify(answer))
          expect(['0x0', ...(DONE_BEFORE[step] ?? [])], step).toContain(code)
          continue
        }
        expect(answer, step).toMatchObject({ code: '0x0' })
      }
      expect(crashes).toBe(1)
      expect(await node.result('queryGroupStatus', 2)).toMatchObject({ status: 'RUNNING' })
      expect(await node.result('getGroupList')).toEqual([1, 2])
      node.submit(2, DAG_TRANSFER, utf8('\0\0\0\0'))
      await until('the group makes a block', () => node.heightOf(2) === 1)
      await cluster.stop()
    },
    30_000,
  )
})

function params(nodeId: string) {
  return { timestamp: '1', sealers: [nodeId] }
}

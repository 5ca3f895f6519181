import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseHostFile } from '../src/build-chain/host-list.ts'
import { startTestChain, type TestChain } from './chain-kit.ts'
import { Journal, Member, mine } from './scenario/network.ts'

/** One organisation in the middle, three around it: each of them shares a group with the middle alone. */
const STAR = `
# host:count agency groups
127.0.0.1:1 middle 1,2,3
127.0.0.1:1 north 1
127.0.0.1:1 east 2
127.0.0.1:1 south 3
`

/** Every node in every group: more groups, more work at the same time. */
const PARALLEL = `
127.0.0.1:2 agencyA 1,2
127.0.0.1:2 agencyB 1,2
`

const LAYOUTS = [
  { name: 'star', file: STAR, groups: [[1, 2, 3], [1], [2], [3]] },
  {
    name: 'parallel',
    file: PARALLEL,
    groups: [
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ],
  },
]

function membersOf(chain: TestChain): readonly Member[] {
  const journal = new Journal()
  return chain.nodes.map(
    (process, index) => new Member({ process, ports: chain.endpoints[index]!, journal }),
  )
}

describe('a chain that was built from a file of hosts', () => {
  it.each(LAYOUTS)(
    'in a $name has each group on its members, and nowhere else',
    async ({ name, file, groups }) => {
      const chain = await startTestChain({ hosts: parseHostFile(file, name) })
      try {
        for (const [index, member] of membersOf(chain).entries()) {
          const own = groups[index] ?? []
          expect(await member.ask('getGroupList')).toEqual(own)
          for (const groupId of own) await mine(member, groupId)
          const foreign = [1, 2, 3].filter((groupId) => !own.includes(groupId))
          for (const groupId of foreign) {
            const data = join(member.process.folder, 'data', `group${groupId}`)
            expect(existsSync(data), `${name}: data of group ${groupId}`).toBe(false)
          }
        }
      } finally {
        await chain.dispose()
      }
    },
    120_000,
  )
})

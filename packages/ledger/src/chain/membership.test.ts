import { describe, expect, it } from 'vitest'
import { readMembership } from './membership.ts'

const KEY = 'ab'.repeat(64)
const OTHER = '0c'.repeat(64)

function rows(
  ...members: readonly (readonly [nodeId: string, type: string, isRemoved?: boolean])[]
) {
  return {
    select: (table: string) =>
      (table === '_sys_config_' ? [] : members).map(([nodeId, type, isRemoved = false], id) => ({
        id,
        blockNumber: 0,
        isRemoved,
        fields: new Map([
          ['node_id', nodeId],
          ['type', type],
        ]),
      })),
  }
}

describe('members of a group', () => {
  it('are sealers and observers by their rows, sealers in order of their ids', () => {
    expect(
      readMembership(rows([KEY, 'sealer'], [OTHER, 'sealer'], ['1d'.repeat(64), 'observer'])),
    ).toEqual({
      sealers: [OTHER, KEY],
      workingSealers: [OTHER, KEY],
      observers: ['1d'.repeat(64)],
      sealersInRowOrder: [KEY, OTHER],
    })
  })

  it('are none whose name is no key: such a row must not stop consensus', () => {
    const { sealers, observers } = readMembership(
      rows(
        [KEY, 'sealer'],
        ['z'.repeat(128), 'sealer'],
        ['y'.repeat(128), 'observer'],
        ['', 'sealer'],
      ),
    )
    expect(sealers).toEqual([KEY])
    expect(observers).toEqual([])
  })

  it('of rPBFT are led by the first alone when nobody works, as after `addSealer` of the last who did', () => {
    const notice = {
      id: 0,
      blockNumber: 0,
      isRemoved: false,
      fields: new Map([['key', 'notify_rotate']]),
    }
    const members = rows([KEY, 'sealer'], [OTHER, 'sealer'])
    const storage = {
      select: (table: string) => (table === '_sys_config_' ? [notice] : members.select(table)),
    }
    expect(readMembership(storage).workingSealers).toEqual([OTHER])
    const appointed = rows([KEY, 'wSealer'], [OTHER, 'sealer'])
    const after = {
      select: (table: string) => (table === '_sys_config_' ? [notice] : appointed.select(table)),
    }
    expect(readMembership(after).workingSealers).toEqual([KEY])
  })
})

import { describe, expect, it } from 'vitest'
import { openTestChain, propose, sign, testNodes } from '../../test/chain-kit.ts'

const nodes = testNodes(1)

describe('a proof that a block was committed', () => {
  it('is that of the last block, also when the chain is opened again', async () => {
    const chain = await openTestChain(nodes)
    const { store, executor, storage } = chain
    const add = async (proof?: Uint8Array): Promise<void> => {
      const executed = executor.execute(propose(store, []))
      await store.commit(executed, sign(store, executed.hash, nodes), proof)
    }
    expect(store.commitProof()).toBeUndefined()
    await add(Uint8Array.of(0, 200, 13))
    expect(store.commitProof()).toEqual(Uint8Array.of(0, 200, 13))
    await add(Uint8Array.of(7))
    const again = await openTestChain(nodes, storage)
    expect(again.store.commitProof()).toEqual(Uint8Array.of(7))
    await add()
    expect(store.commitProof()).toBeUndefined()
  })

  it('changes nothing that is hashed or numbered, and leaves no row where none was ever given', async () => {
    const [one, other] = [await openTestChain(nodes), await openTestChain(nodes)]
    const hashes = await Promise.all(
      [one, other].map(async ({ store, executor }, i) => {
        for (let n = 0; n < 2; n++) {
          const executed = executor.execute(propose(store, []))
          const proof = i === 0 ? Uint8Array.of(1) : undefined
          await store.commit(executed, sign(store, executed.hash, nodes), proof)
        }
        return store.headHash()
      }),
    )
    expect(hashes[0]).toEqual(hashes[1])
    const rowsOf = ({ storage }: typeof one) =>
      storage.select('_sys_current_state_', 'commit_proof')
    expect(rowsOf(one)).toHaveLength(1)
    expect(rowsOf(other)).toEqual([])
    const numbersOf = ({ storage }: typeof one) =>
      storage.select('_sys_number_2_hash_', '2').map(({ id }) => id)
    expect(numbersOf(one)).toEqual(numbersOf(other))
  })
})

// Tables alone: a block writes, a failed call is undone, the block is hashed and kept.
import { standardSuite } from '@bcos-ts/crypto'
import { createBlockTables, createMemoryStorage } from '@bcos-ts/storage-crud'

const storage = createMemoryStorage()
await storage.start()

const genesis = createBlockTables({ storage, parentNumber: -1, hash: standardSuite.hash })
genesis.create({ name: 'u_fruit', keyField: 'name', valueFields: 'price' }, undefined)
await storage.commit(genesis.finish(0))

const block = createBlockTables({ storage, parentNumber: 0, hash: standardSuite.hash })
const table = block.open('u_fruit')
if (table === undefined) throw new Error('the table is gone')
const insert = (name: string, price: string): void => {
  const row = block.newEntry()
  row.set('price', price)
  table.insert(name, row, undefined)
}
insert('apple', '5')
const savepoint = block.savepoint()
insert('apple', '1000000')
block.rollback(savepoint)
block.endTransaction()

const cheap = block.newCondition()
cheap.lt('price', '10')
console.log('apples below 10:', table.select('apple', cheap).length)
console.log('state root:', Buffer.from(block.stateRoot()).toString('hex'))
await storage.commit(block.finish(1))
console.log('committed block', storage.committedBlock())
await storage.stop()

// A running chain as applications use it: a contract with events, blocks, and messages between two applications.
// Start a chain first (`npm start`), then name the JSON-RPC ports of two of its nodes: `pnpm start 8545 8546`.
import { concatBytes, fromHex, toHex, utf8 } from '@bcos-ts/common'
import { Client, Contract, failoverTransport, generateAccount } from '@bcos-ts/sdk'
import { webSocketTransport } from '@bcos-ts/sdk/websocket'

const ABI = [
  {
    type: 'function',
    name: 'note',
    inputs: [
      { name: 'key', type: 'uint256' },
      { name: 'value', type: 'uint256' },
    ],
    outputs: [{ name: '', type: 'uint256' }],
  },
  {
    type: 'event',
    name: 'Noted',
    inputs: [
      { name: 'key', type: 'uint256', indexed: true },
      { name: 'value', type: 'uint256', indexed: false },
    ],
  },
] as const

const ports = process.argv.length > 2 ? process.argv.slice(2) : ['8545', '8546']
const links = ports.map((port) => webSocketTransport({ url: `ws://127.0.0.1:${port}` }))
const client = new Client({ transport: failoverTransport(links) })
const suite = await client.suite()
const account = generateAccount(suite)
console.log(`${suite.name} chain ${await client.chainId()}, block ${await client.getBlockNumber()}`)

// Emits Noted(key, value) and returns the value, whatever function is called: no compiler is needed here.
const topic = toHex(suite.hash(utf8('Noted(uint256,uint256)')))
const code = fromHex(`6024356000526004357f${topic}60206000a260206000f3`)
const init = concatBytes(
  fromHex(`6100${toHex(Uint8Array.of(code.length))}80600c6000396000f3`),
  code,
)

const notes = await Contract.deploy({ client, account, abi: ABI }, init)
console.log(`contract 0x${notes.address}`)

const blocks = client.watchBlocks((number) => console.log(`block ${number}`))
const height = await client.getBlockNumber()
const events = notes.events(
  'Noted',
  ({ args, log }) => console.log(`Noted(${args.key}, ${args.value}) in block ${log.blockNumber}`),
  { from: height, to: height + 3 },
)
for (const key of [1n, 2n, 3n]) await notes.send('note', key, key * key)
await events.ended
blocks.stop()

const [last = client] = links.slice(-1).map((transport) => new Client({ transport }))
last.amop.subscribe('greetings', ({ payload }) => `hello, ${new TextDecoder().decode(payload)}`)
// Nodes tell each other within five seconds who listens to what.
await new Promise((resolve) => void setTimeout(resolve, 6000))
console.log(new TextDecoder().decode(await client.amop.send('greetings', 'world')))

await client.close()

import { describeTransport } from '../compliance.ts'
import { createMemoryHub, memoryTransport } from './index.ts'

const hub = createMemoryHub()
let count = 0

describeTransport('memory', {
  create: ({ connectionsMax }) => {
    count += 1
    const nodeId = count.toString(16).padStart(128, '0')
    const self = { nodeId, agency: 'agency', nodeName: `node${count}` }
    const endpoint = `n${count}:30300`
    return Promise.resolve(memoryTransport({ hub, endpoint, self, limits: { connectionsMax } }))
  },
})

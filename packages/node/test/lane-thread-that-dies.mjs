/** A thread that says it is ready, and ends when the first job comes. */
import { parentPort, workerData } from 'node:worker_threads'

workerData.port.on('message', () => process.exit(1))
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort.postMessage('ready')

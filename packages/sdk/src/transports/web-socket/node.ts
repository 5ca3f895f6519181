import { FRAME_BYTES_MAX } from '@bcos-ts/protocol'
import { WebSocket } from 'ws'
import type { Wire, WireHandler } from '../frames/wire.ts'

const OPEN_MS = 10_000

/** Opens a WebSocket in Node, whose own is not in every version. Rejects when that fails. */
export function openWebSocket(url: string, handler: WireHandler): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: FRAME_BYTES_MAX,
      handshakeTimeout: OPEN_MS,
    })
    let reason = 'closed by the node'
    let isOpen = false
    socket.binaryType = 'arraybuffer'
    socket.on('error', (error) => (reason = error.message))
    socket.on('open', () => {
      isOpen = true
      resolve({
        write: (frame) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(frame)
        },
        close: () => socket.close(),
      })
    })
    socket.on('message', (data) => {
      if (data instanceof ArrayBuffer) handler.onData(new Uint8Array(data))
    })
    socket.on('close', () => {
      if (isOpen) handler.onClose(reason)
      else reject(new Error(reason))
    })
  })
}

import type { Wire, WireHandler } from '../frames/wire.ts'

interface CloseEvent {
  readonly code: number
  readonly reason: string
}

/** Of the platform. */
declare class WebSocket {
  constructor(url: string)
  binaryType: string
  readonly readyState: number
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: CloseEvent) => void): void
  send(bytes: Uint8Array): void
  close(): void
}

const OPEN = 1

/** Opens a WebSocket of the browser. Rejects when that fails; the platform does not say why. */
export function openWebSocket(url: string, handler: WireHandler): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    let isOpen = false
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => {
      isOpen = true
      resolve({
        write: (frame) => {
          if (socket.readyState === OPEN) socket.send(frame)
        },
        close: () => socket.close(),
      })
    })
    socket.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) handler.onData(new Uint8Array(data))
    })
    // The close that follows says as much as a page may know.
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', ({ code, reason }) => {
      const text = reason === '' ? `closed with code ${code}` : reason
      if (isOpen) handler.onClose(text)
      else reject(new Error(text))
    })
  })
}

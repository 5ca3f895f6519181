/** A duplex stream of bytes to a node. No method throws. */
export interface Wire {
  /** One whole frame. */
  write(frame: Uint8Array): void
  close(): void
}

export interface WireHandler {
  onData(piece: Uint8Array): void
  /** Called once, when a wire that was open ends. Nothing comes after it. */
  onClose(reason: string): void
}

/** Opens a wire. Rejects when that fails; `onClose` is not called then. */
export type Dial = (handler: WireHandler) => Promise<Wire>

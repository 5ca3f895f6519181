import type { HashText } from '@bcos-ts/protocol'
import type { P2pMessage } from '@bcos-ts/protocol/ports'

/** What travels between the nodes of a model: frames of the P2P network, and the words of the simple synchronisation. */
export type ModelMessage =
  | ({ readonly kind: 'p2p' } & P2pMessage)
  | { readonly kind: 'status'; readonly height: number; readonly hash: HashText }
  | { readonly kind: 'request'; readonly first: number; readonly count: number }
  | { readonly kind: 'blocks'; readonly blocks: readonly Uint8Array[] }

export type FrameMessage = Extract<ModelMessage, { readonly kind: 'p2p' }>

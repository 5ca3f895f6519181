/** How a client reaches a node. */
export interface Transport {
  /** The `result` of a JSON-RPC call. Throws `SDK_RPC_ERROR` with the node's code for a refusal. */
  request(method: string, params: readonly unknown[]): Promise<unknown>
}

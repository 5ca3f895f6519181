import type { ErrorGuide, NumberedGuide } from '@bcos-ts/common'
import type { AmopResult, EventCode } from '@bcos-ts/protocol/channel'
import type { RpcErrorCode, RpcServerErrorCode } from './errors.ts'

/** What JSON-RPC answers; the number of each is {@link rpcErrorNumber}'s. */
export const rpcErrorGuide: Readonly<Record<RpcErrorCode, ErrorGuide>> = {
  RPC_PARSE_ERROR: {
    cause: 'The body of the request is not JSON.',
    evidence: 'Error -32700, with id null.',
    remedy: 'Send one JSON object or array in UTF-8; quote it for the shell.',
  },
  RPC_INVALID_REQUEST: {
    cause:
      'The request is JSON, but no request of JSON-RPC 2.0: `jsonrpc` is not "2.0", `method` is no text, `id` is of another kind, or a batch is empty or has more than 1000 elements.',
    evidence: 'Error -32600.',
    remedy: 'Send `{"jsonrpc":"2.0","method":"getBlockNumber","params":[1],"id":1}`.',
  },
  RPC_METHOD_NOT_FOUND: {
    cause: 'There is no method of this name.',
    evidence: 'Error -32601.',
    remedy:
      'Names are those of 2.9 and case sensitive; the methods of Ethereum (`eth_…`) are not among them.',
  },
  RPC_INVALID_PARAMS: {
    cause:
      'Number or kind of the parameters does not fit: nearly every method wants the group first, as a number; block numbers and indices are text.',
    evidence: 'Error -32602.',
    remedy: 'Compare with the method: `getBlockByNumber` takes `[1,"0x10",false]`.',
  },
  RPC_NOTIFICATION: {
    cause: 'The request has no `id`: it could not be answered.',
    evidence: 'Error -32604, with id null.',
    remedy: 'Add an id.',
  },
  RPC_INTERNAL: {
    cause:
      'The method failed for a reason of its own: a transaction was refused, a text is no hash, address or number.',
    evidence: 'Error -32603, `INTERNAL_ERROR: : INTERNAL_ERROR: : ` and the reason.',
    remedy:
      'Read the reason behind the prefix. Words such as BlockLimitCheckFailed or TransactionNonceCheckFail have stories of their own under the statuses of transactions.',
  },
  RPC_GROUP_NOT_FOUND: {
    cause: 'This node runs no group of that number.',
    evidence: 'Error -40001.',
    remedy:
      '`getGroupList` shows the groups of the node. The group may be stopped: `queryGroupStatus`.',
  },
  RPC_BLOCK_HASH_NOT_FOUND: {
    cause: 'The group has no block of this hash.',
    evidence: 'Error -40003.',
    remedy: 'Check hash and group; a node that is behind does not have the latest blocks yet.',
  },
  RPC_BLOCK_NUMBER_NOT_FOUND: {
    cause:
      'The chain is shorter than that. Batch receipts by an unknown hash give this number too.',
    evidence: 'Error -40004.',
    remedy: '`getBlockNumber` shows the height. Numbers are decimal text or hex with 0x.',
  },
  RPC_TRANSACTION_INDEX_RANGE: {
    cause: 'The block has fewer transactions than the index says. The first has index 0.',
    evidence: 'Error -40005.',
    remedy: 'Ask for the block first and count.',
  },
  RPC_CALL_WITHOUT_FROM: {
    cause: '`call` needs an account in whose name it is done.',
    evidence: 'Error -40006.',
    remedy: 'Add `"from":"0x…"`, 40 digits; the account need not exist.',
  },
  RPC_NO_VIEW: {
    cause: 'The group runs Raft, which has no views.',
    evidence: 'Error -40007.',
    remedy: 'Ask `getConsensusStatus`.',
  },
  RPC_INVALID_SYSTEM_CONFIG: {
    cause: 'There is no such system parameter.',
    evidence: 'Error -40008.',
    remedy:
      'There are tx_count_limit, tx_gas_limit, consensus_timeout, rpbft_epoch_sealer_num, rpbft_epoch_block_num and enable_charge_mgr.',
  },
  RPC_NOT_A_MEMBER: {
    cause:
      'The node runs the group, but is neither sealer nor observer of it, and so knows nothing about its present state.',
    evidence: 'Error -40009.',
    remedy:
      'Ask a member; or make this node one with `addObserver` of Consensus (0x1003), and wait until it has synchronised.',
  },
  RPC_WRONG_CONSENSUS: {
    cause: 'The method belongs to rPBFT, and the group runs another consensus.',
    evidence: 'Error -40009, `method getEpochSealersList only supported when rpbft is used, …`.',
    remedy: 'Ask `getSealerList`.',
  },
  RPC_OVER_LIMIT: {
    cause:
      'More requests a second over the channel than `flow_control.limit_req` of the node or of the group grants.',
    evidence:
      'Error -40011 with the id of the request, `… Over QPS limit`. Elements of a batch count one by one; HTTP is not limited.',
    remedy: 'Ask less often, spread clients over nodes, or raise the limit and restart the node.',
  },
  RPC_SDK_NOT_ALLOWED: {
    cause:
      'The group has a list of SDKs (`[sdk_allowlist]` of `group.N.ini`) and the key of this one is not on it.',
    evidence: 'Error -40012, `… The SDK is not allowed to access this group`.',
    remedy:
      "Add the text of the SDK's `sdk.publickey` as `public_key.N=` and run `scripts/reload_sdk_allowlist.sh`.",
  },
  RPC_RECEIPT_INDEX_RANGE: {
    cause: 'The block has fewer receipts than the first index that is asked for.',
    evidence: 'Error -40099, `start index out of range, the number of receipt is …`.',
    remedy: 'Begin below that number; a block without transactions has none.',
  },
  RPC_MANAGEMENT_DISABLED: {
    cause:
      'Groups and peers may not be changed through JSON-RPC on this node (`rpc.disable_dynamic_group=true`).',
    evidence: 'Error -100001.',
    remedy: 'Ask its operator; the key takes effect with a restart.',
  },
}

export const rpcServerErrorGuide: Readonly<Record<RpcServerErrorCode, ErrorGuide>> = {
  RPC_LISTEN_FAILED: {
    cause:
      'The JSON-RPC or Channel port cannot be opened: another process has it, or the address is none of this host.',
    evidence:
      'The node does not start: `cannot listen on …` in `nohup.out` and in the log, exit code 1.',
    remedy: 'Find who has the port (`ss -ltnp`), or change the ports in `[rpc]`.',
  },
  RPC_INVALID_CERTIFICATE: {
    cause:
      'Key and certificate of the Channel port cannot be used: they do not belong together, or are no PEM.',
    evidence:
      'The node does not start: `key and certificates of the channel cannot be used: …`, exit code 1.',
    remedy:
      'With `rsa_crypto_channel=true` they are in `conf/channel_cert`, else in `conf`. Put them back as they were made together.',
  },
}

/** Result field of the frame that answers an AMOP message. */
export const amopResultGuide: Readonly<Record<keyof typeof AmopResult, ErrorGuide>> = {
  success: {
    cause: 'The subscriber answered; a multicast was handed out, also to nobody.',
    evidence: 'Frame 0x31 with result 0.',
    remedy: 'Nothing.',
  },
  noSubscriber: {
    cause:
      'No node that this one is connected to has a subscriber of the topic, or none could be reached.',
    evidence: 'Frame 0x31 with result 100, at once or after 30 s a node.',
    remedy:
      'Subscribe first, and wait up to five seconds until other nodes know; topics reach direct neighbours only. `getPeers` shows topics.',
  },
  overBandwidth: {
    cause: 'The message would exceed `flow_control.outgoing_bandwidth_limit` of the node.',
    evidence: 'Frame 0x31 with result 103, at once; nothing was sent.',
    remedy: 'Wait and send again, send less, or raise the limit.',
  },
  allFailed: {
    cause:
      'The node of the subscriber had nobody who answered within five seconds, or its subscriber has gone.',
    evidence: 'Frame 0x31 with result 104, with the data of the request.',
    remedy: 'Look at the receiving application: it has to answer every message.',
  },
  retriesFailed: {
    cause: 'A node of 2.x could not reach its storage proxy. Nodes of bcos-ts do not give it.',
    evidence: 'Result 99 in the log of an SDK.',
    remedy: 'Look at the storage proxy of that node.',
  },
  subscriberFailed: {
    cause:
      'A receiving node of 2.x failed while it handed the message to its SDK. Nodes of bcos-ts give 104.',
    evidence: 'Result 101 in the log of an SDK.',
    remedy: 'Look at the log of the receiving node.',
  },
  timeout: {
    cause: 'The SDK itself gave up waiting for an answer.',
    evidence: 'Result 102, made by the SDK.',
    remedy: 'Give it more time, or look whether the node answers at all: `bcos-ts doctor --sdk`.',
  },
}

/** A number of the same field that SDKs of 2.x make themselves. */
export const otherAmopResults: Readonly<Record<string, NumberedGuide>> = {
  sdkInternal: {
    number: 105,
    cause: 'A failure inside the SDK.',
    evidence: 'Result 105, made by the SDK.',
    remedy: 'Look at the log of the SDK.',
  },
}

/** Answers to the registration of an event filter, and its end. */
export const eventCodeGuide: Readonly<Record<keyof typeof EventCode, ErrorGuide>> = {
  success: { cause: 'The filter was taken up.', evidence: '`{"result":0}`.', remedy: 'Nothing.' },
  completed: {
    cause: 'The last block of the filter was searched: it ends.',
    evidence: 'A push with `"result":1` and no logs.',
    remedy: 'Nothing. Without `toBlock` a filter does not end.',
  },
  invalidRequest: {
    cause:
      'The request cannot be read: no filter id, a group that is none, an address or topic of a wrong form, more than four topics; or the client has 1000 filters.',
    evidence: '`{"result":-41001}`.',
    remedy: 'Compare the parameters; unregister filters that are not needed.',
  },
  groupNotFound: {
    cause: 'This node runs no such group.',
    evidence: '`{"result":-41002}`.',
    remedy: '`getGroupList` shows the groups of the node.',
  },
  invalidRange: {
    cause:
      'The last block is before the first, or the first lies further back than `event_filter.max_block_range` allows.',
    evidence: '`{"result":-41003}`.',
    remedy: 'Correct the range; the limit is in `group.N.genesis` of the node.',
  },
  notAllowed: {
    cause: 'The key of the SDK is not on the list of the group.',
    evidence: '`{"result":-41006}`.',
    remedy: 'As for -40012: add its key to `[sdk_allowlist]` and reload.',
  },
  unknownFilter: {
    cause:
      'The client has no filter of this id: it ended, or was registered over another connection.',
    evidence: '`{"result":-41007}`.',
    remedy: 'Nothing: there is none to end.',
  },
}

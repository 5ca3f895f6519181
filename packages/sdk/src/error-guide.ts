import type { ErrorGuide } from '@bcos-ts/common'
import type { SdkErrorCode } from './errors.ts'

export const sdkErrorGuide: Readonly<Record<SdkErrorCode, ErrorGuide>> = {
  SDK_NO_CONNECTION: {
    cause: 'Nobody answered at the address of the node, or not in time.',
    evidence: 'Thrown by the client, with the address and the reason of the system.',
    remedy:
      'Check that the node runs and that host and port are those of `[rpc]` in its `config.ini`; JSON-RPC listens on 127.0.0.1 unless told otherwise.',
  },
  SDK_RPC_ERROR: {
    cause: 'The node answered with an error of JSON-RPC.',
    evidence: 'Thrown by the client; the number is in the message and in `details.rpcCode`.',
    remedy: 'Ask `bcos-ts explain` for the number.',
  },
  SDK_INVALID_ANSWER: {
    cause:
      'What answered is no JSON-RPC of a node: another service has the port, or a proxy answers in its place.',
    evidence: 'Thrown by the client, with the method that was asked.',
    remedy: 'Check the port. `curl` the address to see what answers there.',
  },
  SDK_RECEIPT_TIMEOUT: {
    cause: 'The transaction was taken but is in no block yet: the group does not seal, or is slow.',
    evidence: 'Thrown by the client, with the hash of the transaction.',
    remedy:
      'Ask for the receipt of that hash again before you send anew. If it never comes, look whether blocks come at all: `bcos-ts doctor`.',
  },
  SDK_TRANSACTION_FAILED: {
    cause: 'The transaction is in a block, and failed there.',
    evidence:
      'Thrown by the client; the status is in the message and in `details.status`, the text of the contract beside it.',
    remedy: 'Ask `bcos-ts explain` for the status.',
  },
  SDK_UNKNOWN_FUNCTION: {
    cause:
      'The ABI that the contract was opened with has no function of that name, or none with so many arguments.',
    evidence:
      'Thrown by the client before anything is sent; the functions that there are stand in the message.',
    remedy: 'Correct the name, or use the ABI of the contract that is deployed.',
  },
  SDK_TRANSACTION_REFUSED: {
    cause:
      'The pool of the node did not take the transaction, or threw it out: no block will hold it.',
    evidence: 'Thrown by the client, with the status and its words.',
    remedy:
      'Ask `bcos-ts explain` for the status; most often the nonce was used or the block limit has passed. Sign anew.',
  },
  SDK_CALL_FAILED: {
    cause: 'A call, which changes nothing, failed in the contract.',
    evidence:
      'Thrown by the client; the status is in `details.status`, the words of the contract in `details.reason`.',
    remedy: 'Ask `bcos-ts explain` for the status, or for the code of the native contract.',
  },
  SDK_AMBIGUOUS_FUNCTION: {
    cause: 'The ABI has several functions or events of that name.',
    evidence: 'Thrown by the client before anything is sent; the signatures stand in the message.',
    remedy: 'Name the signature, such as `set(string)`, in place of the name.',
  },
  SDK_OTHER_SUITE: {
    cause: 'The account is of one suite of cryptography, the chain of the other.',
    evidence: 'Thrown by the client before anything is sent, with both suites.',
    remedy: 'Make the account with the suite of the chain; `client.suite()` tells it.',
  },
  SDK_EVENT_REFUSED: {
    cause: 'The node does not take up a filter of events: its range, its topics, or who asks.',
    evidence: 'Thrown by the client, or handed to `onError`; the code is in `details.eventCode`.',
    remedy: 'Ask `bcos-ts explain` for the code.',
  },
  SDK_AMOP_FAILED: {
    cause: 'A message between applications reached nobody, or nobody answered it.',
    evidence: 'Thrown by the client; the code is in `details.amopCode`.',
    remedy:
      'Ask `bcos-ts explain` for the code. A new subscription is known to other nodes after five seconds.',
  },
  SDK_INVALID_TOPIC: {
    cause: 'The topic has more than 254 bytes.',
    evidence: 'Thrown by the client before anything is sent.',
    remedy: 'Choose a shorter topic.',
  },
  SDK_NO_PUSH: {
    cause:
      'What was asked for needs a node that speaks first, and the client is connected over HTTP.',
    evidence: 'Thrown by the client before anything is sent.',
    remedy: 'Connect with `webSocketTransport` or `channelTransport`.',
  },
  SDK_TABLE_ERROR: {
    cause: 'A table cannot be read: the contract refused with a code of its own.',
    evidence: 'Thrown by the client; the code is in `details.nativeCode`.',
    remedy: 'Ask `bcos-ts explain` for the code.',
  },
}

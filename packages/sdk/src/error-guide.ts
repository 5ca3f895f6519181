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
}

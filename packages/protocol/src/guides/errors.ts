import type { ErrorGuide } from '@bcos-ts/common'
import type { ProtocolErrorCode } from '../errors.ts'

export const protocolErrorGuide: Readonly<Record<ProtocolErrorCode, ErrorGuide>> = {
  PROTOCOL_INVALID_RLP: {
    cause:
      'Bytes are not the RLP that was expected: cut off, something behind the end, or a number in a long form.',
    evidence:
      'A client that sent them gets -32603 with `invalid RLP at byte …`; of a peer, the message is dropped at level debug.',
    remedy: 'Send the bytes as the SDK signed them, in hex with or without 0x.',
  },
  PROTOCOL_INVALID_TRANSACTION: {
    cause: 'Bytes are RLP but no transaction: a field is missing, too long, or of another kind.',
    evidence:
      'Answer of `sendRawTransaction`: -32603 with `invalid transaction, field …`. The first field that does not fit is named.',
    remedy:
      'Sign with an SDK of 2.x: its transactions have ten fields and a signature (chain id, group id and extra data among them). Ethereum transactions do not fit.',
  },
  PROTOCOL_INVALID_BLOCK: {
    cause: 'Bytes are no block, header or receipt.',
    evidence:
      'From a peer: the block is dropped, and the log says `a peer is left alone` where it counts as a lie. From the own disk: LEDGER_CORRUPT.',
    remedy:
      'Nothing on this node. If every peer is left alone, compare `supported_version` and genesis file with theirs.',
  },
  PROTOCOL_INVALID_GENESIS: {
    cause:
      'The parameters of `group.N.genesis` contradict each other: no sealer, one named twice, a group id outside 1 to 32767, a negative time.',
    evidence: 'The node does not start: `invalid genesis, …`, exit code 1.',
    remedy:
      'Repair the file; all members of the group must have it alike, to the byte where it counts.',
  },
  PROTOCOL_INVALID_ABI: {
    cause:
      'Values do not fit the types of an ABI, an ABI cannot be read, or data do not decode to it.',
    evidence:
      'Thrown by the SDK before anything is sent, or when an answer is read; the type is named.',
    remedy:
      'Compare the arguments with the ABI. Integers beyond 2^53 are given as bigint; bytes and addresses as hex text.',
  },
  PROTOCOL_INVALID_FRAME: {
    cause:
      'What came over a Channel or WebSocket connection is no frame: no SDK or node of 2.x is at the other end, or the frame is beyond 100 MiB.',
    evidence:
      'Log of the node: `Client disconnected … reason=invalid channel frame: …`. Only that session ends.',
    remedy: 'Check that the client means this port: JSON-RPC over HTTP has another.',
  },
  PROTOCOL_UNSUPPORTED_VERSION: {
    cause:
      '`compatibility.supported_version` is another than 2.9.0 and 2.9.1: blocks of that chain follow other rules.',
    evidence: 'The node does not start, exit code 1; `build-chain -v` refuses it too.',
    remedy: 'Serve that chain with nodes of 2.x. The value of a chain cannot be changed later.',
  },
}

/**
 * The words of a BCOS chain and their bytes: transaction, receipt, block, genesis, Merkle trees.
 * Pure: no platform, no implementation of any port. Ports are in `@bcos-ts/protocol/ports`.
 * @module
 */
/** Every package that speaks of the chain takes its cryptography as a parameter of this type. */
export type { CryptoSuite, KeyPair, SignatureBatches } from '@bcos-ts/crypto'
export { adoptClaims, batchOfClaims, recoverSenders, type SignerClaim } from './senders.ts'
export { type Block, type BlockHeader, type BlockSignature } from './block.ts'
export { logBloom } from './bloom.ts'
export {
  decodeBlock,
  type DecodedBlock,
  decodeHeader,
  decodeSignatures,
  encodeBlock,
  encodeHeader,
  encodeSignatures,
  hashHeader,
} from './codec/block.ts'
export { decodeReceipt, encodeReceipt, hashReceipt } from './codec/receipt.ts'
export {
  decodeList,
  decodeSequence,
  EMPTY_LIST,
  EMPTY_STRING,
  encodeBytes,
  encodeInteger,
  encodeList,
  RlpList,
  wrapList,
} from './codec/rlp.ts'
export { RlpWriter } from './codec/rlp-writer.ts'
export {
  countTransactionList,
  decodeTransactionList,
  encodeTransactionList,
  splitTransactionList,
} from './codec/transaction-list.ts'
export {
  InvalidAbiError,
  InvalidBlockError,
  InvalidChannelFrameError,
  InvalidGenesisError,
  InvalidRlpError,
  InvalidTransactionError,
  ProtocolError,
  type ProtocolErrorCode,
  UnsupportedVersionError,
} from './errors.ts'
export {
  type ConsensusType,
  GENESIS_DEFAULTS,
  genesisHash,
  genesisHeader,
  genesisMark,
  type GenesisParameters,
} from './genesis.ts'
export { GroupCode } from './group-codes.ts'
export {
  BLOCK_LIMIT_WINDOW,
  CODE_BYTES_MAX,
  FRAME_BYTES_MAX,
  GROUP_ID_MAX,
  TX_COUNT_LIMIT_DEFAULT,
  TX_GAS_LIMIT_DEFAULT,
} from './limits.ts'
export {
  type MerkleClaim,
  merkleLeaf,
  type MerkleLevel,
  merkleProof,
  merkleRoot,
  verifyMerkleProof,
} from './merkle.ts'
export { ResultCode, resultCodeMessage } from './native-codes.ts'
export {
  type Address,
  type HashText,
  type NodeId,
  sortNodeIds,
  ZERO_ADDRESS,
  ZERO_HASH,
} from './primitives.ts'
export { type LogEntry, type Receipt } from './receipt.ts'
export { type StatusCode, statusMessage, TransactionStatus } from './status.ts'
export {
  accountTable,
  parallelTable,
  SYSTEM_TABLES,
  type SystemTable,
  SystemTableName,
  userTable,
} from './system-tables.ts'
export {
  decodeTransaction,
  encodeNonces,
  encodeSigned,
  encodeUnsigned,
  signTransaction,
  Transaction,
  type TransactionFields,
} from './transaction.ts'
export {
  ancestorsOf,
  childrenOf,
  type ConsensusTree,
  placeInTree,
  type Tree,
  TREE_WIDTH,
  type TreePlace,
  wholeTree,
} from './tree.ts'
export {
  BINARY_VERSION,
  SUPPORTED_VERSION_DEFAULT,
  type VersionRules,
  versionRules,
} from './version.ts'

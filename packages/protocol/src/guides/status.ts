import type { ErrorGuide } from '@bcos-ts/common'
import type { TransactionStatus } from '../status.ts'

export type StatusName = keyof typeof TransactionStatus

const REFUSED = 'Not in a block. Over HTTP and channel versions 1 and 2: -32603 with'
const PUSHED = 'over channel version 3: a pushed receipt with this status'
const NEVER = 'This node does not give it: the number is kept because SDKs of 2.x know it.'
const ASK_AGAIN =
  'Nothing; if an application sees it, the node that answered is of another release.'

/** What each status of a receipt, or of a refused submission, means (spec 01 §5.3, §4.5). */
export const statusGuide: Readonly<Record<StatusName, ErrorGuide>> = {
  none: {
    cause:
      'The transaction succeeded. A native contract may still have refused: its answer is in the output.',
    evidence: 'Receipt with status `0x0`.',
    remedy: 'Nothing. For native contracts, read the code in the output.',
  },
  unknown: {
    cause:
      'The EVM stopped for a reason without a number of its own: state was to be changed in a static call, or returned data were read beyond their end.',
    evidence: 'Receipt with status `0x1`, no output, all gas used.',
    remedy:
      'Do not write in functions that others call with STATICCALL (`view`, `pure`); check lengths in assembly code.',
  },
  badRlp: {
    cause: NEVER,
    evidence: 'Status `0x2`. Undecodable transactions are answered with -32603.',
    remedy: ASK_AGAIN,
  },
  invalidFormat: { cause: NEVER, evidence: 'Status `0x3`.', remedy: ASK_AGAIN },
  outOfGasIntrinsic: {
    cause:
      'The data of the transaction alone cost more than the gas limit of the chain (`tx_gas_limit`).',
    evidence: 'Receipt with status `0x4`; gas used is the limit.',
    remedy:
      'Send less data, or raise `tx_gas_limit` by SystemConfig (0x1000). The gas field of the transaction does not matter.',
  },
  invalidSignature: {
    cause: NEVER,
    evidence: 'Status `0x5`. Bad signatures are answered with -32603, `InvalidSignature`.',
    remedy: ASK_AGAIN,
  },
  invalidNonce: { cause: NEVER, evidence: 'Status `0x6`. Used nonces give 15.', remedy: ASK_AGAIN },
  notEnoughCash: {
    cause: NEVER,
    evidence: 'Status `0x7`. Value is not moved on these chains.',
    remedy: ASK_AGAIN,
  },
  outOfGasBase: {
    cause:
      'A contract built in at 0x1 to 0x9 (hashes, signature recovery, curves) was called with less gas than it costs.',
    evidence: 'Receipt with status `0x8`.',
    remedy: 'Raise `tx_gas_limit`, or give it smaller input.',
  },
  blockGasLimitReached: { cause: NEVER, evidence: 'Status `0x9`.', remedy: ASK_AGAIN },
  badInstruction: {
    cause:
      'The contract ran into a byte that is no instruction: `assert` of older Solidity, or code compiled for a later EVM (`PUSH0` and others).',
    evidence: 'Receipt with status `0xa`, all gas used.',
    remedy:
      'Compile for Istanbul or earlier (`--evm-version istanbul`); look for a failed `assert`, division by zero or an index out of range.',
  },
  badJumpDestination: {
    cause:
      'The contract jumped to a place that is no jump destination: mostly a call of a function variable that was never set.',
    evidence: 'Receipt with status `0xb`, all gas used.',
    remedy: 'Look at function variables and assembly of the contract.',
  },
  outOfGas: {
    cause:
      'The contract needed more gas than the chain gives a transaction (`tx_gas_limit`), or its code is longer than 262144 bytes.',
    evidence: 'Receipt with status `0xc`.',
    remedy:
      'Do less in one transaction, or raise `tx_gas_limit` by SystemConfig (0x1000). For a deployment, split the contract.',
  },
  outOfStack: {
    cause: 'More than 1024 values on the stack of the EVM.',
    evidence: 'Receipt with status `0xd`, all gas used.',
    remedy: 'Look for recursion inside the contract.',
  },
  stackUnderflow: {
    cause:
      'The code takes values from the stack that nobody put there: it is no compiled contract, or the assembly is wrong.',
    evidence: 'Receipt with status `0xe`, all gas used.',
    remedy:
      'Deploy the whole creation code that the compiler gave, not the runtime code or a part.',
  },
  nonceCheckFail: {
    cause:
      'The nonce was used within the last 1000 blocks, or another transaction with it waits in the pool. Nonces here are random numbers, not counters.',
    evidence: `${REFUSED} \`TransactionNonceCheckFail\` or \`TxPoolNonceCheckFail\`; ${PUSHED} \`0xf\`.`,
    remedy: 'Draw a fresh random nonce of up to 32 bytes for each transaction, and sign again.',
  },
  blockLimitCheckFail: {
    cause: 'The block limit is not above the height of the chain, or is more than 1000 above it.',
    evidence: `${REFUSED} \`BlockLimitCheckFailed, txBlockLimit=…\`; ${PUSHED} \`0x10\`.`,
    remedy:
      'Ask for the block number and add up to 1000 (SDKs add 500). A client that missed block notices has too low a number: connect it anew.',
  },
  filterCheckFail: { cause: NEVER, evidence: 'Status `0x11`.', remedy: ASK_AGAIN },
  noDeployPermission: {
    cause: NEVER,
    evidence: 'Status `0x12`. Refused deployments give 25.',
    remedy: ASK_AGAIN,
  },
  noCallPermission: { cause: NEVER, evidence: 'Status `0x13`.', remedy: ASK_AGAIN },
  noTxPermission: { cause: NEVER, evidence: 'Status `0x14`.', remedy: ASK_AGAIN },
  precompiledError: {
    cause:
      'A native contract refused with a text: bad arguments, a name or value that is too long, a missing right, or less gas than it costs.',
    evidence:
      'Receipt with status `0x15`; the output is `Error(string)` with the reason, such as `Permission denied. …` or `size of value/key greater than255`.',
    remedy:
      'Decode the output; SDKs show its text. `PrecompiledError` alone says that the input cannot be read: compare the ABI, and the fields of the table.',
  },
  revertInstruction: {
    cause:
      'The contract said no: `require`, `revert`, or a failed call inside it. Also a built-in contract at 0x1 to 0x9 with input that it cannot use.',
    evidence:
      'Receipt with status `0x16`; the output is `Error(string)` when the contract gives a reason.',
    remedy: 'Decode the output; look for the `require` with that text.',
  },
  invalidZeroSignatureFormat: { cause: NEVER, evidence: 'Status `0x17`.', remedy: ASK_AGAIN },
  addressAlreadyUsed: {
    cause:
      'A contract was to be created where one is: CREATE2 with the same creator, salt and code.',
    evidence: 'Receipt with status `0x18`.',
    remedy: 'Use another salt.',
  },
  permissionDenied: {
    cause:
      'The signer may not deploy (somebody else has rights to `_sys_tables_`), or may not write the storage of this contract (it has an access list of its own).',
    evidence: 'Receipt with status `0x19`, no output.',
    remedy:
      'Deploying: the committee names the account operator (`grantOperator`), or grants `_sys_tables_`. Writing: a manager of the contract calls `grantWrite` of Permission (0x1005).',
  },
  callAddressError: {
    cause:
      'There is no contract at the address: a wrong address, another group, or a deployment that failed.',
    evidence: 'Receipt or `call` with status `0x1a` and the text `Error address:…`.',
    remedy:
      "Take `contractAddress` from the receipt of the deployment, and look at that receipt's status. Groups do not share contracts.",
  },
  gasOverflow: { cause: NEVER, evidence: 'Status `0x1b`.', remedy: ASK_AGAIN },
  txPoolIsFull: {
    cause: 'As many transactions wait as `tx_pool.limit` allows.',
    evidence: `${REFUSED} \`TransactionPoolIsFull\`; ${PUSHED} \`0x1c\`.`,
    remedy:
      'Wait and send again. If the pool does not shrink (`getPendingTxSize`), the group does not seal: `bcos-ts doctor`.',
  },
  transactionRefused: {
    cause:
      'The node is more than 20 blocks behind; or the transaction was taken and left the pool without a block: it expired, or another one with its nonce was mined.',
    evidence: `${REFUSED} \`ImportResult::NodeIsSyncing\`; ${PUSHED} \`0x1d\`.`,
    remedy:
      'Ask a node that is up to date, or wait. For an expired transaction, sign a new one with a fresh nonce and block limit.',
  },
  contractFrozen: {
    cause: 'The contract was frozen by one of its managers or by the committee.',
    evidence: 'Receipt or `call` with status `0x1e` and the text `Frozen contract:…`.',
    remedy: 'A manager or a committee member calls `unfreeze` of ContractLifeCycle (0x1007).',
  },
  accountFrozen: {
    cause: 'The account that signed was frozen by the committee.',
    evidence: 'Receipt with status `0x1f` and the text `Frozen account:0x…`.',
    remedy: 'A committee member calls `unfreezeAccount` of ChainGovernance (0x1008).',
  },
  notEnoughRemainGas: {
    cause:
      'Gas is charged on this chain (`enable_charge_mgr=on`) and the account has less than the transaction costs at least.',
    evidence: 'Receipt with status `0x20`; `remainGas` shows what is left.',
    remedy: 'A charger calls `charge` of GasChargeManage (0x1009) for the account.',
  },
  alreadyKnown: {
    cause: 'This very transaction waits in the pool already: it was sent twice.',
    evidence: `${REFUSED} \`TransactionAlreadyKown\`; ${PUSHED} \`0x2710\`.`,
    remedy: 'Wait for its receipt.',
  },
  alreadyInChain: {
    cause: 'This very transaction was given up by the pool not long ago.',
    evidence: `${REFUSED} \`TransactionAlreadyInChain\`; ${PUSHED} \`0x2711\`.`,
    remedy: 'Ask for the receipt of its hash; if there is none, sign it anew with a fresh nonce.',
  },
  invalidChainId: {
    cause: 'The transaction was signed for another chain.',
    evidence: `${REFUSED} \`InvalidChainId\`; ${PUSHED} \`0x2712\`.`,
    remedy:
      'Set the chain id of the SDK to `chain.id` of `config.ini` (`getClientVersion` shows it), and sign again.',
  },
  invalidGroupId: {
    cause: 'The transaction was signed for another group.',
    evidence: `${REFUSED} \`InvalidGroupId\`; ${PUSHED} \`0x2713\`.`,
    remedy: 'Sign with the group to which it is sent.',
  },
  requestNotBelongToTheGroup: {
    cause: 'The node that was asked is neither sealer nor observer of the group.',
    evidence: `Channel version 3: a pushed receipt with status \`0x2714\`; else -40009.`,
    remedy:
      'Send to a member: `getSealerList` and `getObserverList` of a member name them. A node joins with `addObserver` or `addSealer`.',
  },
  malformedTx: {
    cause:
      'The signature does not recover to an account, or has not the form that signers make: `s` at most half the order of secp256k1, `v` 27 or 28.',
    evidence: `${REFUSED} \`InvalidSignature\` or \`TransactionSubmitFailed\`; ${PUSHED} \`0x2715\`.`,
    remedy:
      'Sign with the suite of the chain (secp256k1 and Keccak-256 here), over the unsigned encoding; where your library leaves `s` high, take the order less `s`, and the other `v`.',
  },
  overGroupMemoryLimit: {
    cause: 'Waiting transactions fill `tx_pool.memory_limit`.',
    evidence: `${REFUSED} \`OverGroupMemoryLimit\`; ${PUSHED} \`0x2716\`.`,
    remedy: 'Wait and send again; send smaller transactions; raise the limit on all nodes.',
  },
}

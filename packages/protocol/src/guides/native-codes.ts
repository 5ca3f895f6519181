import type { ErrorGuide } from '@bcos-ts/common'
import type { ResultCode } from '../native-codes.ts'

/** A code is seen in the output of a receipt with status 0, or of `call`: the transaction itself succeeded. */
function story(cause: string, where: string, remedy: string): ErrorGuide {
  return {
    cause,
    evidence: `In the output of a receipt with status 0, or of \`call\`: ${where}.`,
    remedy,
  }
}

/** Nodes do not answer with these: clients find them before they send a transaction. */
function clientStory(cause: string, remedy: string): ErrorGuide {
  return {
    cause,
    evidence:
      'In the answer of an SDK or of a console to addSealer, addObserver and removeNode; no transaction was sent.',
    remedy,
  }
}

/** What each answer of a native contract means (spec 03 §3). */
export const nativeCodeGuide: Readonly<Record<keyof typeof ResultCode, ErrorGuide>> = {
  done: {
    cause: 'The contract did it.',
    evidence: 'Output 0, or a number of rows of 1 and more.',
    remedy: 'Nothing. A number of rows of 0 says that no row matched.',
  },
  noAuthorized: story(
    'The signer has no right to this table or to this act: somebody else is on its access list, or the act needs a committee member.',
    'any write; Consensus, SystemConfig, CNS, tables, CRUD, freezeAccount',
    'Ask `queryByName` of Permission (0x1005) who has the right. The committee grants it with `insert`, or names operators; rights count from the block behind the grant on.',
  ),
  tableExists: story(
    'A table of that name is there already.',
    '`createTable` of TableFactory (0x1001) and KVTableFactory (0x1010)',
    'Open it with `openTable`, or choose another name. Tables cannot be dropped.',
  ),
  tableMissing: story(
    'There is no table of that name.',
    'CRUD (0x1002)',
    'Create it first; names are case sensitive and given without `u_`.',
  ),
  unknownFunction: story(
    'The contract has no function of this selector.',
    'CRUD (0x1002), HelloWorld (0x5001)',
    'Use the ABI of 2.9 for the address. On guomi chains selectors are SM3 hashes: compile the ABI for them.',
  ),
  invalidAddress: story(
    'A text that should be an address is not hexadecimal.',
    '`insert` of Permission (0x1005) and of CNS (0x1004)',
    'Write 40 hexadecimal digits, with or without 0x. Other lengths pass, and name nobody.',
  ),
  grantExists: story(
    'The account has the right already.',
    '`insert` and `grantWrite` of Permission (0x1005)',
    'Nothing.',
  ),
  grantMissing: story(
    'The account does not have the right that is to be taken.',
    '`remove` and `revokeWrite` of Permission (0x1005)',
    'Look at `queryByName` or `queryPermission`; addresses are compared as text in lower case.',
  ),
  tableNameOverflow: story(
    'The name of the table, with its prefix, has more than 64 bytes.',
    '`insert` of Permission (0x1005)',
    'Correct the name: no such table can exist.',
  ),
  contractMissing: story(
    'There is no account table at the address: neither a contract nor an account that ever created one.',
    '`grantWrite` of Permission (0x1005)',
    'Check the address of the contract, and the group.',
  ),
  committeeGoverned: story(
    'Rights to `_sys_table_access_` are membership of the committee, and are given by vote alone.',
    '`insert` and `remove` of Permission (0x1005) with `_sys_table_access_`',
    'Use `grantCommitteeMember` of ChainGovernance (0x1008).',
  ),
  invalidNodeId: story(
    'A node id has 128 characters, this one has not.',
    'Consensus (0x1003)',
    '`bcos-ts node-id conf/node.crt`, or the file `node.nodeid` of the node.',
  ),
  lastSealer: story(
    'It is the last sealer of the group: without it no block would come any more.',
    '`addObserver` and `remove` of Consensus (0x1003)',
    'Add another sealer first.',
  ),
  nodeUnreachable: clientStory(
    'The node that was asked has no connection to the node that is to become a sealer or an observer.',
    'Start that node, and look whether its certificate is of this chain; `getNodeIDList` shows who is connected.',
  ),
  notGroupPeer: clientStory(
    'The node that is to be removed is neither a sealer nor an observer of the group.',
    'Look at `getGroupPeers`; ids have 128 hexadecimal digits.',
  ),
  alreadySealer: clientStory('The node is a sealer already.', 'Nothing.'),
  alreadyObserver: clientStory('The node is an observer already.', 'Nothing.'),
  nameAndVersionExist: story(
    'This name has this version already; it cannot be pointed elsewhere.',
    '`insert` of CNS (0x1004)',
    'Register a new version.',
  ),
  versionOverflow: story(
    'The version has more than 128 bytes.',
    '`insert` of CNS (0x1004)',
    'Shorten it.',
  ),
  invalidConfigValue: story(
    'There is no such parameter, or its value is outside its range: tx_count_limit from 1, tx_gas_limit from 100000, consensus_timeout from 3, rpbft_epoch_block_num from 2, enable_charge_mgr `on` or `off`.',
    '`setValueByKey` of SystemConfig (0x1000)',
    'Correct key and value; values are decimal text without blanks.',
  ),
  invalidUserName: story('The name of a user is empty.', 'DagTransfer (0x5002)', 'Give a name.'),
  invalidAmount: story(
    'The amount is zero.',
    'DagTransfer (0x5002)',
    'Give an amount of 1 or more.',
  ),
  userMissing: story(
    'There is no such user.',
    'DagTransfer (0x5002)',
    'Add the user with `userAdd` or `userSave`.',
  ),
  userExists: story(
    'The user is there already.',
    '`userAdd` of DagTransfer (0x5002)',
    'Use `userSave` to add to the balance.',
  ),
  insufficientBalance: story(
    'The balance is smaller than the amount.',
    '`userDraw` and `userTransfer` of DagTransfer (0x5002)',
    'Ask `userBalance` first.',
  ),
  balanceOverflow: story(
    'The balance would reach 2^256.',
    '`userSave` and `userTransfer` of DagTransfer (0x5002)',
    'Save a smaller amount.',
  ),
  transferTableMissing: story(
    'The table of balances cannot be opened. The contract makes it when it is not there, so no node of this release answers with it.',
    'DagTransfer (0x5002), older nodes',
    'Ask the node for its version with `getClientVersion`.',
  ),
  invalidEntryJson: story(
    'The text of the entry is no JSON.',
    '`insert` and `update` of CRUD (0x1002)',
    'Write an object: `{"field":"value"}`.',
  ),
  invalidConditionJson: story(
    'The text of the condition is no JSON.',
    '`select`, `update` and `remove` of CRUD (0x1002)',
    'Write `{}` for no condition, else `{"field":{"eq":"value"}}`.',
  ),
  undefinedConditionOperation: story(
    'A condition uses an operation that there is not.',
    '`select`, `update` and `remove` of CRUD (0x1002)',
    'There are eq, ne, gt, ge, lt, le and limit.',
  ),
  keyInUpdate: story(
    'An update names the key field: the key of a row cannot change.',
    '`update` of CRUD (0x1002)',
    'Leave the key field out; to move a row, insert it anew and remove the old one.',
  ),
  invalidCiphers: story(
    'The texts are no ciphertexts of Paillier, or not of one key.',
    '`paillierAdd` of Paillier (0x5003), on nodes that offer it',
    'Encrypt both numbers with the same public key.',
  ),
  groupSignatureFailed: story(
    'The group signature cannot be checked.',
    'GroupSig (0x5004), on nodes that offer it',
    'Compare the parameters of the group with those that the signature was made for.',
  ),
  ringSignatureFailed: story(
    'The ring signature cannot be checked.',
    'RingSig (0x5005), on nodes that offer it',
    'Compare the parameters of the ring with those that the signature was made for.',
  ),
  contractFrozen: story(
    'The contract is frozen already.',
    '`freeze` of ContractLifeCycle (0x1007)',
    'Nothing; `getStatus` shows it.',
  ),
  contractAvailable: story(
    'The contract is not frozen.',
    '`unfreeze` of ContractLifeCycle (0x1007)',
    'Nothing.',
  ),
  managerExists: story(
    'The account is a manager of the contract already.',
    '`grantManager` of ContractLifeCycle (0x1007)',
    'Nothing; `listManager` shows all.',
  ),
  notContract: story(
    'The address is an account, not a contract.',
    'ContractLifeCycle (0x1007)',
    'Give the address of a contract. Accounts are frozen by `freezeAccount` of ChainGovernance (0x1008).',
  ),
  contractTableMissing: story(
    'There is nothing at the address.',
    'ContractLifeCycle (0x1007)',
    'Check the address, and the group.',
  ),
  notManager: story(
    'The signer is neither a manager of the contract nor a member of the committee.',
    'ContractLifeCycle (0x1007)',
    'Sign as one of those whom `listManager` names: the deployer, and whom a manager added.',
  ),
  managerMissing: story(
    'The account is no manager of the contract.',
    '`revokeManager` of ContractLifeCycle (0x1007)',
    'Look at `listManager`.',
  ),
  lastManager: story(
    'It is the last manager of the contract.',
    '`revokeManager` of ContractLifeCycle (0x1007)',
    'Add another manager first.',
  ),
  memberExists: story(
    'The account is a member of the committee already.',
    '`grantCommitteeMember` of ChainGovernance (0x1008)',
    'Nothing; `listCommitteeMembers` shows all.',
  ),
  memberMissing: story(
    'The account is no member of the committee.',
    '`revokeCommitteeMember`, `updateCommitteeMemberWeight` and `queryCommitteeMemberWeight` of ChainGovernance (0x1008)',
    'Look at `listCommitteeMembers`.',
  ),
  notMember: story(
    'The signer is no member of the committee, and so has no vote.',
    'votes and operators of ChainGovernance (0x1008)',
    'Sign as a member.',
  ),
  invalidThreshold: story(
    'The threshold is outside 0 to 99 per cent.',
    '`updateThreshold` of ChainGovernance (0x1008)',
    'Give a whole number of per cent; more than that share of all weights has to agree.',
  ),
  operatorAsMember: story(
    "The account is an operator, or has one of an operator's two rights; nobody is both.",
    '`grantCommitteeMember` of ChainGovernance (0x1008)',
    'Call `revokeOperator` first, or choose another account.',
  ),
  memberAsOperator: story(
    'The account is a member of the committee; nobody is both member and operator.',
    '`grantOperator` of ChainGovernance (0x1008); `insert` of Permission (0x1005) with `_sys_tables_` or `_sys_cns_`',
    'Choose another account.',
  ),
  operatorExists: story(
    'The account is an operator already.',
    '`grantOperator` of ChainGovernance (0x1008)',
    'Nothing; `listOperators` shows all.',
  ),
  operatorMissing: story(
    'The account is no operator.',
    '`revokeOperator` of ChainGovernance (0x1008)',
    'Look at `listOperators`.',
  ),
  accountMissing: story(
    'The account has no table of its own: it never deployed a contract and was never given gas. Such accounts cannot be frozen.',
    'account functions of ChainGovernance (0x1008); `queryRemainGas` of GasChargeManage (0x1009)',
    'Check the address. Without a deployment there is nothing to freeze.',
  ),
  notAccount: story(
    'The address is a contract.',
    'account functions of ChainGovernance (0x1008); GasChargeManage (0x1009)',
    'Contracts are frozen by ContractLifeCycle (0x1007).',
  ),
  accountAvailable: story(
    'The account is not frozen.',
    '`unfreezeAccount` of ChainGovernance (0x1008)',
    'Nothing.',
  ),
  accountFrozen: story(
    'The account is frozen.',
    '`freezeAccount` of ChainGovernance (0x1008); GasChargeManage (0x1009)',
    'Nothing, or `unfreezeAccount` first.',
  ),
  unchangedValue: story(
    'Weight or threshold has this value already.',
    '`updateCommitteeMemberWeight` and `updateThreshold` of ChainGovernance (0x1008)',
    'Nothing.',
  ),
  notCharger: story(
    'The signer is not on the list of chargers.',
    '`charge` and `deduct` of GasChargeManage (0x1009)',
    'A committee member calls `grantCharger`; it counts from the next block on.',
  ),
  zeroGas: story(
    'The amount of gas is zero.',
    '`charge` and `deduct` of GasChargeManage (0x1009)',
    'Give an amount of 1 or more.',
  ),
  gasOverflow: story(
    'The account would have 2^256 gas or more.',
    '`charge` of GasChargeManage (0x1009)',
    'Charge less.',
  ),
  notEnoughGas: story(
    'The account has less gas than is to be taken.',
    '`deduct` of GasChargeManage (0x1009)',
    'Ask `queryRemainGas` first.',
  ),
  grantChargerDenied: story(
    'The signer is no member of the committee.',
    '`grantCharger` of GasChargeManage (0x1009)',
    'Sign as a member.',
  ),
  revokeChargerDenied: story(
    'The signer is no member of the committee.',
    '`revokeCharger` of GasChargeManage (0x1009)',
    'Sign as a member.',
  ),
  chargerExists: story(
    'The account is a charger already.',
    '`grantCharger` of GasChargeManage (0x1009)',
    'Nothing; `listChargers` shows all.',
  ),
  chargerMissing: story(
    'The account is no charger.',
    '`revokeCharger` of GasChargeManage (0x1009)',
    'Look at `listChargers`.',
  ),
  undefinedGasFunction: story(
    'GasChargeManage has no function of this selector.',
    'GasChargeManage (0x1009)',
    'Use the ABI of 2.9.',
  ),
}

/**
 * Codes that native contracts answer with, by contract (spec 03 §3), and what they say. Negative means refused;
 * 0 or a number of rows means done.
 * @module
 */
export const ResultCode = {
  done: 0,

  noAuthorized: -50_000,
  tableExists: -50_001,
  tableMissing: -50_100,
  unknownFunction: -50_101,
  invalidAddress: -50_102,

  grantExists: -51_000,
  grantMissing: -51_001,
  tableNameOverflow: -51_002,
  contractMissing: -51_003,
  committeeGoverned: -51_004,

  invalidNodeId: -51_100,
  lastSealer: -51_101,
  /** These four come from the client's own checks; no node answers with them. */
  nodeUnreachable: -51_102,
  notGroupPeer: -51_103,
  alreadySealer: -51_104,
  alreadyObserver: -51_105,

  nameAndVersionExist: -51_200,
  versionOverflow: -51_201,

  invalidConfigValue: -51_300,

  invalidUserName: -51_400,
  invalidAmount: -51_401,
  userMissing: -51_402,
  userExists: -51_403,
  insufficientBalance: -51_404,
  balanceOverflow: -51_405,
  transferTableMissing: -51_406,

  invalidEntryJson: -51_500,
  invalidConditionJson: -51_501,
  undefinedConditionOperation: -51_502,
  keyInUpdate: -51_503,

  invalidCiphers: -51_600,
  groupSignatureFailed: -51_700,
  ringSignatureFailed: -51_800,

  contractFrozen: -51_900,
  contractAvailable: -51_901,
  managerExists: -51_902,
  notContract: -51_903,
  contractTableMissing: -51_904,
  notManager: -51_905,
  managerMissing: -51_906,
  lastManager: -51_907,

  memberExists: -52_000,
  memberMissing: -52_001,
  notMember: -52_002,
  invalidThreshold: -52_003,
  operatorAsMember: -52_004,
  memberAsOperator: -52_005,
  operatorExists: -52_006,
  operatorMissing: -52_007,
  accountMissing: -52_008,
  notAccount: -52_009,
  accountAvailable: -52_010,
  accountFrozen: -52_011,
  unchangedValue: -52_012,

  notCharger: -53_000,
  zeroGas: -53_001,
  gasOverflow: -53_002,
  notEnoughGas: -53_003,
  grantChargerDenied: -53_004,
  revokeChargerDenied: -53_005,
  chargerExists: -53_006,
  chargerMissing: -53_007,
  undefinedGasFunction: -53_008,
} as const

const SENTENCES: Readonly<Record<number, string>> = {
  [-50_000]: 'the account has no permission to write this',
  [-50_001]: 'a table of this name exists',
  [-50_002]: 'the name of the table is too long',
  [-50_003]: 'the name of a field is longer than 64 bytes',
  [-50_004]: 'the names of the fields are longer than 1024 bytes together',
  [-50_005]: 'the key is longer than 255 bytes, or a value longer than 16777215',
  [-50_006]: 'a value is longer than 16777215 bytes',
  [-50_007]: 'a field is named twice',
  [-50_008]: 'the name of the table or of a field has a character that names may not have',
  [-50_100]: 'there is no table of this name',
  [-50_101]: 'the contract has no such function',
  [-50_102]: 'the address is not hexadecimal text',

  [-51_000]: 'the account has this permission already',
  [-51_001]: 'the account does not have this permission',
  [-51_002]: 'the name of the table is too long',
  [-51_003]: 'there is no contract at this address',
  [-51_004]: 'this permission is given by votes of the committee (ChainGovernance)',

  [-51_100]: 'a node id has 128 hexadecimal digits',
  [-51_101]: 'the last sealer cannot be removed or made an observer',
  [-51_102]: 'the node cannot be reached',
  [-51_103]: 'the node is not a peer of the group',
  [-51_104]: 'the node is a sealer already',
  [-51_105]: 'the node is an observer already',

  [-51_200]: 'this name has this version already',
  [-51_201]: 'the version is longer than 128 bytes',

  [-51_300]: 'there is no such system parameter, or the value is out of its range',

  [-51_400]: 'the name of a user is empty',
  [-51_401]: 'the amount is zero',
  [-51_402]: 'there is no such user',
  [-51_403]: 'the user exists already',
  [-51_404]: 'the balance is too low',
  [-51_405]: 'the balance would be too large',
  [-51_406]: 'the table of the balances cannot be opened',

  [-51_500]: 'the entry is no JSON object',
  [-51_501]: 'the condition is no JSON object',
  [-51_502]: 'conditions are eq, ne, gt, ge, lt, le and limit',
  [-51_503]: 'the key of a row cannot be updated',

  [-51_600]: 'the ciphertexts are not of one key, or no ciphertexts',
  [-51_700]: 'the group signature cannot be checked',
  [-51_800]: 'the ring signature cannot be checked',

  [-51_900]: 'the contract is frozen already',
  [-51_901]: 'the contract is not frozen',
  [-51_902]: 'the account manages the contract already',
  [-51_903]: 'the address is that of an account, not of a contract',
  [-51_904]: 'there is nothing at this address',
  [-51_905]: 'the account does not manage the contract',
  [-51_906]: 'the account to be revoked does not manage the contract',
  [-51_907]: 'the last manager of a contract cannot be revoked',

  [-52_000]: 'the account is a member of the committee already',
  [-52_001]: 'the account is no member of the committee',
  [-52_002]: 'only members of the committee may do this',
  [-52_003]: 'the threshold is not from 0 to 99',
  [-52_004]: 'an operator cannot be a member of the committee',
  [-52_005]: 'a member of the committee cannot be an operator',
  [-52_006]: 'the account is an operator already',
  [-52_007]: 'the account is no operator',
  [-52_008]: 'the chain does not know the account: it has never deployed a contract or held gas',
  [-52_009]: 'the address is that of a contract, not of an account',
  [-52_010]: 'the account is not frozen',
  [-52_011]: 'the account is frozen',
  [-52_012]: 'the value is what it was',

  [-53_000]: 'the account may not charge gas',
  [-53_001]: 'the amount of gas is zero',
  [-53_002]: 'the amount of gas would be too large',
  [-53_003]: 'the account does not have so much gas',
  [-53_004]: 'only members of the committee may appoint who charges gas',
  [-53_005]: 'only members of the committee may dismiss who charges gas',
  [-53_006]: 'the account may charge gas already',
  [-53_007]: 'the account could not charge gas before',
  [-53_008]: 'the contract has no such function',
}

/** What a code says; a code of 0 or more is `success`. */
export function resultCodeMessage(code: number): string {
  if (code >= 0) return 'success'
  return SENTENCES[code] ?? `the contract answers with code ${code}`
}

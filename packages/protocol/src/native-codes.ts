/**
 * Codes that native contracts answer with, by contract (spec 03 §3). Negative means refused; 0 or a number of rows
 * means done.
 * @module
 */
export const NativeCode = {
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

  nameAndVersionExist: -51_200,
  versionOverflow: -51_201,

  invalidConfigValue: -51_300,

  invalidUserName: -51_400,
  invalidAmount: -51_401,
  userMissing: -51_402,
  userExists: -51_403,
  insufficientBalance: -51_404,
  balanceOverflow: -51_405,

  invalidEntryJson: -51_500,
  invalidConditionJson: -51_501,
  undefinedConditionOperation: -51_502,
  keyInUpdate: -51_503,

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

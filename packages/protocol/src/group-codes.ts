/** Answers of group management (spec 02 §14.10). JSON-RPC writes them as `0x…`. */
export const GroupCode = {
  success: 0,
  internalError: 1,
  exists: 2,
  running: 3,
  stopped: 4,
  deleted: 5,
  notFound: 6,
  invalidParameter: 7,
  peersNotConnected: 8,
  genesisExists: 9,
  settingsExist: 10,
  genesisMissing: 11,
  settingsMissing: 12,
  stopping: 13,
  notDeleted: 14,
} as const

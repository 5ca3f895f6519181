/** Results of the management of groups and peers (spec 02 §14.10). */
export const GroupCode = {
  success: 0x0,
  internal: 0x1,
  exists: 0x2,
  running: 0x3,
  stopped: 0x4,
  deleted: 0x5,
  notFound: 0x6,
  invalidParameter: 0x7,
  peersNotConnected: 0x8,
  genesisExists: 0x9,
  settingsExist: 0xa,
  genesisMissing: 0xb,
  settingsMissing: 0xc,
  stopping: 0xd,
  notDeleted: 0xe,
} as const

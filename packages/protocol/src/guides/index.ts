/**
 * What errors and codes of the protocol mean to a user: cause, evidence, remedy.
 * @module
 */
export { protocolErrorGuide } from './errors.ts'
export { groupCodeGuide } from './group-codes.ts'
export { nativeCodeGuide } from './native-codes.ts'
export { statusGuide, type StatusName } from './status.ts'

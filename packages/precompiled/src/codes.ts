/**
 * Codes that native contracts answer with: clients read them too, so they are words of the protocol.
 * @module
 */
export { NativeCode as ResultCode } from '@bcos-ts/protocol'

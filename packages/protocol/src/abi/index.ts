/**
 * ABI of contracts: standard encoding, strict decoding, selectors by the hash of the chain's suite.
 * @module
 */
export {
  type AbiItem,
  decodeErrorText,
  decodeEvent,
  type DecodedEvent,
  decodeResult,
  encodeCall,
  encodeErrorText,
  parseAbi,
  selectorOf,
  signatureOf,
} from './contract.ts'
export { decodeAbi, type DecodedAbiValue } from './decode.ts'
export { type AbiValue, encodeAbi } from './encode.ts'
export { type AbiParameter, type AbiType, parseAbiType } from './type.ts'

export { createNativeContracts } from './framework/native-contracts.ts'

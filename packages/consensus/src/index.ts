export { PbftDriver } from './driver/pbft-driver.ts'
export * from './driver/host.ts'

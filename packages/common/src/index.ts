/**
 * What every package of bcos-ts shares: errors with codes, assertions, bytes, byte text, and the ports for
 * time, chance, life cycle, logs and metrics. Imports nothing.
 * @module
 */
export { ACCEPT_LIMITS_DEFAULT, AcceptGate, type AcceptLimits } from './accept-gate.ts'
export {
  assert,
  BcosError,
  type BcosErrorOptions,
  type ErrorDetails,
  InvariantViolation,
  isBcosError,
  messageOf,
  unreachable,
} from './errors.ts'
export {
  bigIntToBytes,
  bigIntToMinimalBytes,
  bytesToBigInt,
  compareBytes,
  concatBytes,
  EMPTY_BYTES,
  equalBytes,
  fromHex,
  InvalidHexError,
  isHex,
  to0x,
  toHex,
} from './bytes.ts'
export { allocBytes, ByteSlab } from './slab.ts'
export { SteadyClock } from './steady-clock.ts'
export { ByteQueue } from './byte-queue.ts'
export {
  bytesToText,
  type ByteText,
  compareText,
  fromUtf8,
  textToBytes,
  textToUtf8,
  utf8,
  utf8ToText,
} from './text.ts'
export { type Clock, systemClock } from './clock.ts'
export { every, systemTimers, type Timers } from './timers.ts'
export { randomBelow, type RandomSource, systemRandom } from './random.ts'
export { type Startable, startAll, stopAll } from './lifecycle.ts'
export {
  createLogger,
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LogLevel,
  type LogRecord,
  type LogSink,
  silentLogger,
} from './logger.ts'
export { createMetrics, type Metrics, noMetrics } from './metrics.ts'
export { LruMap } from './lru.ts'
export { Emitter } from './emitter.ts'
export { type RateLimiter, TokenBucket, type TokenBucketOptions, unlimited } from './rate-limit.ts'
export { type ErrorGuide, type NumberedGuide } from './error-guide.ts'

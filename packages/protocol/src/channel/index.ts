/**
 * Frames of the channel protocol, which SDKs and nodes speak with each other (spec 02 §3, §4, §7).
 *
 * @example
 * ```ts
 * import { ChannelFrameDecoder, encodeChannelFrame } from '@bcos-ts/protocol/channel'
 *
 * const decoder = new ChannelFrameDecoder()
 * decoder.push(bytes)
 * for (let next = decoder.next(); next !== undefined; next = decoder.next()) answer(next)
 * ```
 * @module
 */
export {
  AmopResult,
  blockTopicOf,
  CHANNEL_HEADER_BYTES,
  type ChannelFrame,
  ChannelFrameDecoder,
  ChannelType,
  decodeChannelFrame,
  encodeChannelFrame,
  EventCode,
  isTopic,
  PrivateTopic,
  PUSH_SEQ,
  splitTopic,
  withTopic,
} from './frame.ts'

export type { Change, Changes, ChangesOptions, TagWithIds } from './changes.ts'
export { createClient, type Wisp } from './client.ts'
export {
  ApiError,
  type Failure,
  FullReadNeededError,
  NoAnswerError,
  PacketError,
  TimeoutError,
  UnexpectedAnswerError,
  WispError,
} from './errors.ts'
export type { Events, EventsOptions, StreamedEvent } from './events/stream.ts'
export type { WispEvent } from './events/types.ts'
export type * from './generated/api.ts'
export * from './generated/errors.ts'
export type { EventData } from './generated/events.ts'
export type { CallOptions, WispFile } from './operation.ts'
export type { Device, PacketOptions } from './packets/device.ts'
export type { ClientOptions } from './settings.ts'
export type { Upstream, UpstreamAnswer, UpstreamRequest } from './upstream.ts'
export {
  type ForgeOptions,
  forgeWebhook,
  type Verified,
  type VerifyOptions,
  verifyWebhook,
  type WebhookFault,
  type WebhookHeaders,
  WebhookVerificationError,
} from './webhooks.ts'

export { createClient } from './client.js';
export { ApiError, FullReadNeededError, NoAnswerError, PacketError, TimeoutError, UnexpectedAnswerError, WispError, } from './errors.js';
export * from './generated/errors.js';
export { forgeWebhook, verifyWebhook, WebhookVerificationError, } from './webhooks.js';

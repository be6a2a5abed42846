import { WispError } from './errors.js';
import type { WispEvent } from './events/types.js';
/** Who calls is not the platform, or it is a call of long ago. `reason` says which check failed. */
export declare class WebhookVerificationError extends WispError {
    readonly name = "WebhookVerificationError";
    readonly reason: WebhookFault;
    constructor(reason: WebhookFault);
}
export type WebhookFault = keyof typeof faults;
declare const faults: {
    readonly missingHeader: '缺少 webhook-id、webhook-timestamp 或 webhook-signature 请求头（one of these headers is missing）';
    readonly badTimestamp: 'webhook-timestamp 不是秒数（webhook-timestamp is no number of seconds）';
    readonly tooOld: '时间过早：请核对本机时间，重放的请求也会如此（too old: check the clock; so is a replayed request）';
    readonly tooNew: '时间在将来：请核对本机时间（from the future: check the clock）';
    readonly badSignature: '签名不符：请核对密钥，并以收到的原始请求体验证（wrong signature: check the secret, and verify the raw body, before any parser）';
    readonly badBody: '请求体不是合法的 JSON（the body is not valid JSON）';
};
/** Headers as `fetch` has them, as Node has them, or as pairs. Names in any case. */
export type WebhookHeaders = Iterable<readonly [string, string]> | Readonly<Record<string, string | readonly string[] | undefined>>;
export type VerifyOptions = {
    /** How far the time may be off, in either direction; 300 by default. */
    toleranceSeconds?: number | undefined;
    /** In ms; the machine's clock by default. */
    now?: number | undefined;
};
/**
 * Checks that a webhook is the platform's and resolves with what it says. `body` is the request's body as it arrived, before any
 * parser. While secrets are exchanged give all that may be in use. The same event may come again: tell it by `id`.
 * Rejects with WebhookVerificationError.
 */
export declare function verifyWebhook<Event = WispEvent>(body: string | Uint8Array, headers: WebhookHeaders, secret: string | readonly string[], { toleranceSeconds, now }?: VerifyOptions): Promise<Verified<Event>>;
export type Verified<Event> = {
    /** `webhook-id`, equal for all deliveries of one event. */
    id: string;
    sentAt: Date;
    event: Event;
};
export type ForgeOptions = {
    id?: string | undefined;
    /** When it is said to be sent; now by default. */
    sentAt?: Date | undefined;
};
/** A webhook as the platform would send it, for tests of the code that receives them. */
export declare function forgeWebhook(event: unknown, secret: string | readonly string[], { id, sentAt }?: ForgeOptions): Promise<{
    body: string;
    headers: Record<string, string>;
}>;
export {};

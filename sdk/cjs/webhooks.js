"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.WebhookVerificationError = void 0;
exports.verifyWebhook = verifyWebhook;
exports.forgeWebhook = forgeWebhook;
const encoding_ts_1 = require("./encoding.js");
const errors_ts_1 = require("./errors.js");
/** Who calls is not the platform, or it is a call of long ago. `reason` says which check failed. */
class WebhookVerificationError extends errors_ts_1.WispError {
    name = 'WebhookVerificationError';
    reason;
    constructor(reason) {
        super(faults[reason]);
        this.reason = reason;
    }
}
exports.WebhookVerificationError = WebhookVerificationError;
const faults = {
    missingHeader: '缺少 webhook-id、webhook-timestamp 或 webhook-signature 请求头（one of these headers is missing）',
    badTimestamp: 'webhook-timestamp 不是秒数（webhook-timestamp is no number of seconds）',
    tooOld: '时间过早：请核对本机时间，重放的请求也会如此（too old: check the clock; so is a replayed request）',
    tooNew: '时间在将来：请核对本机时间（from the future: check the clock）',
    badSignature: '签名不符：请核对密钥，并以收到的原始请求体验证（wrong signature: check the secret, and verify the raw body, before any parser）',
    badBody: '请求体不是合法的 JSON（the body is not valid JSON）',
};
/**
 * Checks that a webhook is the platform's and resolves with what it says. `body` is the request's body as it arrived, before any
 * parser. While secrets are exchanged give all that may be in use. The same event may come again: tell it by `id`.
 * Rejects with WebhookVerificationError.
 */
async function verifyWebhook(body, headers, secret, { toleranceSeconds = 300, now = Date.now() } = {}) {
    if (typeof body !== 'string' && !(body instanceof Uint8Array))
        throw new TypeError('body 应为原始请求体（body should be the raw request body, not a parsed one）');
    const given = readHeaders(headers);
    const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(name => given.get(name));
    if (!id || !timestamp || !signatures)
        throw new WebhookVerificationError('missingHeader');
    if (!/^\d{1,12}$/.test(timestamp))
        throw new WebhookVerificationError('badTimestamp');
    const age = Math.floor(now / 1000) - Number(timestamp);
    if (age > toleranceSeconds)
        throw new WebhookVerificationError('tooOld');
    if (-age > toleranceSeconds)
        throw new WebhookVerificationError('tooNew');
    const signed = signedBytes(id, timestamp, body);
    const keys = await Promise.all([secret].flat().map(importSecret));
    const checks = signatures.split(' ').flatMap(one => keys.map(key => isSignature(key, one, signed)));
    if (!(await Promise.all(checks)).includes(true))
        throw new WebhookVerificationError('badSignature');
    return { id, sentAt: new Date(Number(timestamp) * 1000), event: parse(body) };
}
/** A webhook as the platform would send it, for tests of the code that receives them. */
async function forgeWebhook(event, secret, { id = `msg_${crypto.randomUUID()}`, sentAt = new Date() } = {}) {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const timestamp = String(Math.floor(sentAt.getTime() / 1000));
    const signed = signedBytes(id, timestamp, body);
    const keys = await Promise.all([secret].flat().map(importSecret));
    const signatures = keys.map(async (key) => `v1,${(0, encoding_ts_1.toBase64)(new Uint8Array(await crypto.subtle.sign('HMAC', key, signed)))}`);
    return {
        body,
        headers: {
            'content-type': 'application/json',
            'webhook-id': id,
            'webhook-timestamp': timestamp,
            'webhook-signature': (await Promise.all(signatures)).join(' '),
        },
    };
}
function readHeaders(headers) {
    const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
    return new Map(pairs.map(([name, value]) => [name.toLowerCase(), [value ?? ''].flat().join(' ')]));
}
function signedBytes(id, timestamp, body) {
    return (0, encoding_ts_1.concat)((0, encoding_ts_1.bytesOf)(`${id}.${timestamp}.`), typeof body === 'string' ? (0, encoding_ts_1.bytesOf)(body) : body);
}
function importSecret(secret) {
    let raw;
    try {
        raw = (0, encoding_ts_1.fromBase64)(secret.replace(/^whsec_/, ''));
    }
    catch {
        throw new TypeError('密钥应为 whsec_ 加 base64（the secret should be whsec_ and base64）');
    }
    return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}
/** Compared in constant time, by WebCrypto itself. */
async function isSignature(key, given, signed) {
    if (!given.startsWith('v1,'))
        return false;
    try {
        return await crypto.subtle.verify('HMAC', key, (0, encoding_ts_1.fromBase64)(given.slice(3)), signed);
    }
    catch {
        return false;
    }
}
function parse(body) {
    try {
        return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
    }
    catch {
        throw new WebhookVerificationError('badBody');
    }
}

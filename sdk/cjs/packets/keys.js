"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.newKeyPair = newKeyPair;
exports.masterKeyOf = masterKeyOf;
exports.sessionKeysOf = sessionKeysOf;
exports.proofOf = proofOf;
exports.newNonce = newNonce;
const encoding_ts_1 = require("../encoding.js");
/** docs/packet-encryption.md, section by section. */
const { subtle } = globalThis.crypto;
async function newKeyPair() {
    const { privateKey, publicKey } = (await subtle.generateKey('X25519', false, ['deriveBits']));
    return { privateKey, publicKey: new Uint8Array(await subtle.exportKey('raw', publicKey)) };
}
/** Section 1. `wispKey` is base64; so is the answer. Throws for a shared secret that is all zeros. */
async function masterKeyOf(own, wispKey, deviceId) {
    const theirs = (0, encoding_ts_1.fromBase64)(wispKey);
    const key = await subtle.importKey('raw', theirs, 'X25519', false, []);
    const shared = new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: key }, own.privateKey, 256));
    if (shared.every(byte => byte === 0))
        throw new Error('the shared secret is all zeros');
    const info = (0, encoding_ts_1.concat)((0, encoding_ts_1.bytesOf)('wisp master'), own.publicKey, theirs, (0, encoding_ts_1.bytesOf)(deviceId));
    return (0, encoding_ts_1.toBase64)(await derive(shared, new Uint8Array(), info));
}
/** Section 2, suite `gcm`. */
async function sessionKeysOf(masterKey, nonce, sessionId) {
    const master = (0, encoding_ts_1.fromBase64)(masterKey);
    const [signing, data] = await Promise.all(['sign', 'data'].map(use => derive(master, nonce, (0, encoding_ts_1.bytesOf)(`wisp ${use}${sessionId}`))));
    return {
        signing: await hmacKey(signing),
        data: await subtle.importKey('raw', data, 'AES-GCM', false, ['encrypt', 'decrypt']),
    };
}
/** Hexadecimal, by which a device proves that it has the master key. */
async function proofOf(masterKey, ...lines) {
    const key = await hmacKey((0, encoding_ts_1.fromBase64)(masterKey));
    return (0, encoding_ts_1.toHex)(new Uint8Array(await subtle.sign('HMAC', key, (0, encoding_ts_1.bytesOf)(lines.join('\n')))));
}
function newNonce() {
    return globalThis.crypto.getRandomValues(new Uint8Array(16));
}
function hmacKey(raw) {
    return subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}
async function derive(key, salt, info) {
    const from = await subtle.importKey('raw', key, 'HKDF', false, ['deriveBits']);
    return new Uint8Array(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, from, 256));
}

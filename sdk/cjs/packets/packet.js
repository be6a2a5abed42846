"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.StaleSessionError = void 0;
exports.clockAdvice = clockAdvice;
exports.packetSession = packetSession;
const answer_ts_1 = require("../answer.js");
const encoding_ts_1 = require("../encoding.js");
const errors_ts_1 = require("../errors.js");
const errors_ts_2 = require("../generated/errors.js");
const keys_ts_1 = require("./keys.js");
/** wisp refused the packet as a whole: its session may have ended, which another one mends. */
class StaleSessionError extends errors_ts_1.PacketError {
    session;
    constructor(session, cause) {
        super(`${cause.message}${clockAdvice()}`, { cause });
        this.session = session;
    }
}
exports.StaleSessionError = StaleSessionError;
function clockAdvice() {
    return `；本机时间是 ${new Date().toISOString()}，请核对（this machine's time: check it）`;
}
const { subtle } = globalThis.crypto;
const ivBytes = 12;
/** Sections 3 and 4 of docs/packet-encryption.md. */
function packetSession(sessionId, keys) {
    const session = {
        async seal(path, input) {
            const timestamp = String(Math.floor(Date.now() / 1000));
            const nonce = (0, encoding_ts_1.toHex)((0, keys_ts_1.newNonce)());
            const head = `POST\n${path}\n${timestamp}\n${nonce}`;
            const cipher = await encrypt(keys.data, JSON.stringify(input), head);
            const signature = await subtle.sign('HMAC', keys.signing, (0, encoding_ts_1.bytesOf)(`${head}\n${cipher}`));
            const headers = {
                'x-wisp-session': sessionId,
                'x-wisp-timestamp': timestamp,
                'x-wisp-nonce': nonce,
                'x-wisp-signature': (0, encoding_ts_1.toHex)(new Uint8Array(signature)),
            };
            return {
                headers,
                body: JSON.stringify({ cipher }),
                open: (call, answer) => openAnswer(session, keys, { call, path, nonce }, answer),
            };
        },
    };
    return session;
}
async function openAnswer(session, keys, { call, path, nonce }, answer) {
    const cipher = cipherOf(answer);
    if (cipher === undefined)
        return refusedInClear(session, call, answer);
    const { headers } = answer;
    const head = `ANSWER\n${path}\n${headers.get('x-wisp-timestamp')}\n${nonce}`;
    const signature = (0, encoding_ts_1.fromHex)(headers.get('x-wisp-signature') ?? '');
    const isSigned = headers.get('x-wisp-nonce') === nonce &&
        signature !== undefined &&
        (await subtle.verify('HMAC', keys.signing, signature, (0, encoding_ts_1.bytesOf)(`${head}\n${cipher}`)));
    if (!isSigned)
        throw new errors_ts_1.PacketError(`应答的签名不符（the answer's signature is wrong）: ${call}`);
    const envelope = (0, answer_ts_1.readEnvelope)(await decrypt(keys.data, cipher, head));
    if (!envelope)
        throw (0, answer_ts_1.unexpected)(call, answer);
    return fileOf((0, answer_ts_1.openEnvelope)(call, answer, envelope));
}
/** What may come in the clear is a refusal; a success would be somebody else's. */
function refusedInClear(session, call, answer) {
    if ((0, answer_ts_1.readEnvelope)(answer.bytes)?.retCode === '0' || isFile(answer))
        throw new errors_ts_1.PacketError(`拒绝明文的成功应答（a success in the clear is refused）: ${call}`);
    try {
        (0, answer_ts_1.bodyOf)(call, answer);
    }
    catch (error) {
        if (error instanceof errors_ts_2.BadParameterError && answer.status === 200)
            throw new StaleSessionError(session, error);
        throw error;
    }
    throw (0, answer_ts_1.unexpected)(call, answer);
}
function isFile({ status, headers }) {
    return status === 200 && !/^(application\/json|text\/)/.test(headers.get('content-type') ?? '');
}
function cipherOf({ bytes }) {
    try {
        const { cipher } = JSON.parse(new TextDecoder().decode(bytes));
        return typeof cipher === 'string' ? cipher : undefined;
    }
    catch {
        return undefined;
    }
}
/** Files come as their type and their bytes in base64. */
function fileOf(body) {
    const { type, data, ...rest } = (body ?? {});
    const isFileBody = typeof type === 'string' && typeof data === 'string' && Object.keys(rest).length === 0;
    return isFileBody ? { type, data: (0, encoding_ts_1.fromBase64)(data) } : body;
}
async function encrypt(key, plain, head) {
    const iv = globalThis.crypto.getRandomValues(new Uint8Array(ivBytes));
    const wanted = { name: 'AES-GCM', iv, additionalData: (0, encoding_ts_1.bytesOf)(head) };
    return (0, encoding_ts_1.toBase64)((0, encoding_ts_1.concat)(iv, new Uint8Array(await subtle.encrypt(wanted, key, (0, encoding_ts_1.bytesOf)(plain)))));
}
async function decrypt(key, cipher, head) {
    const bytes = (0, encoding_ts_1.fromBase64)(cipher);
    const wanted = { name: 'AES-GCM', iv: bytes.subarray(0, ivBytes), additionalData: (0, encoding_ts_1.bytesOf)(head) };
    return new Uint8Array(await subtle.decrypt(wanted, key, bytes.subarray(ivBytes)));
}

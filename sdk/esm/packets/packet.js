import { bodyOf, openEnvelope, readEnvelope, unexpected } from '../answer.js';
import { bytesOf, concat, fromBase64, fromHex, toBase64, toHex } from '../encoding.js';
import { PacketError } from '../errors.js';
import { BadParameterError } from '../generated/errors.js';
import { newNonce } from './keys.js';
/** wisp refused the packet as a whole: its session may have ended, which another one mends. */
export class StaleSessionError extends PacketError {
    session;
    constructor(session, cause) {
        super(`${cause.message}${clockAdvice()}`, { cause });
        this.session = session;
    }
}
export function clockAdvice() {
    return `；本机时间是 ${new Date().toISOString()}，请核对（this machine's time: check it）`;
}
const { subtle } = globalThis.crypto;
const ivBytes = 12;
/** Sections 3 and 4 of docs/packet-encryption.md. */
export function packetSession(sessionId, keys) {
    const session = {
        async seal(path, input) {
            const timestamp = String(Math.floor(Date.now() / 1000));
            const nonce = toHex(newNonce());
            const head = `POST\n${path}\n${timestamp}\n${nonce}`;
            const cipher = await encrypt(keys.data, JSON.stringify(input), head);
            const signature = await subtle.sign('HMAC', keys.signing, bytesOf(`${head}\n${cipher}`));
            const headers = {
                'x-wisp-session': sessionId,
                'x-wisp-timestamp': timestamp,
                'x-wisp-nonce': nonce,
                'x-wisp-signature': toHex(new Uint8Array(signature)),
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
    const signature = fromHex(headers.get('x-wisp-signature') ?? '');
    const isSigned = headers.get('x-wisp-nonce') === nonce &&
        signature !== undefined &&
        (await subtle.verify('HMAC', keys.signing, signature, bytesOf(`${head}\n${cipher}`)));
    if (!isSigned)
        throw new PacketError(`应答的签名不符（the answer's signature is wrong）: ${call}`);
    const envelope = readEnvelope(await decrypt(keys.data, cipher, head));
    if (!envelope)
        throw unexpected(call, answer);
    return fileOf(openEnvelope(call, answer, envelope));
}
/** What may come in the clear is a refusal; a success would be somebody else's. */
function refusedInClear(session, call, answer) {
    if (readEnvelope(answer.bytes)?.retCode === '0' || isFile(answer))
        throw new PacketError(`拒绝明文的成功应答（a success in the clear is refused）: ${call}`);
    try {
        bodyOf(call, answer);
    }
    catch (error) {
        if (error instanceof BadParameterError && answer.status === 200)
            throw new StaleSessionError(session, error);
        throw error;
    }
    throw unexpected(call, answer);
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
    return isFileBody ? { type, data: fromBase64(data) } : body;
}
async function encrypt(key, plain, head) {
    const iv = globalThis.crypto.getRandomValues(new Uint8Array(ivBytes));
    const wanted = { name: 'AES-GCM', iv, additionalData: bytesOf(head) };
    return toBase64(concat(iv, new Uint8Array(await subtle.encrypt(wanted, key, bytesOf(plain)))));
}
async function decrypt(key, cipher, head) {
    const bytes = fromBase64(cipher);
    const wanted = { name: 'AES-GCM', iv: bytes.subarray(0, ivBytes), additionalData: bytesOf(head) };
    return new Uint8Array(await subtle.decrypt(wanted, key, bytes.subarray(ivBytes)));
}

import { toBase64, toHex } from '../encoding.js';
import { PacketError } from '../errors.js';
import { BadParameterError } from '../generated/errors.js';
import { operations } from '../generated/operations.js';
import { createShared } from '../shared.js';
import { masterKeyOf, newKeyPair, newNonce, proofOf, sessionKeysOf } from './keys.js';
import { clockAdvice, packetSession } from './packet.js';
/** One device and one session for all calls of a client: registered and opened with the first of them. */
export function createSessions(options, call) {
    let { device } = options;
    async function register() {
        const deviceId = `sdk-${crypto.randomUUID()}`;
        const own = await newKeyPair();
        const answer = await call(operations['security.device'], { deviceId, publicKey: toBase64(own.publicKey) });
        const { publicKey } = answer;
        device = { deviceId, masterKey: await masterKeyOf(own, publicKey, deviceId) };
        await options.onDevice?.(device);
        return device;
    }
    return createShared(async () => {
        const { deviceId, masterKey } = device ?? (await register());
        const nonce = newNonce();
        const timestamp = String(Math.floor(Date.now() / 1000));
        const proof = await proofOf(masterKey, 'gcm', deviceId, timestamp, toHex(nonce));
        const wish = { deviceId, suite: 'gcm', timestamp, nonce: toHex(nonce), proof };
        const answer = await call(operations['security.session'], wish).catch(explain);
        const { sessionId, expiresIn } = answer;
        return {
            value: packetSession(sessionId, await sessionKeysOf(masterKey, nonce, sessionId)),
            seconds: expiresIn,
        };
    });
}
function explain(error) {
    if (error instanceof BadParameterError)
        throw new PacketError(`${error.message}${clockAdvice()}`, { cause: error });
    throw error;
}

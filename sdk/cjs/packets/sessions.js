"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createSessions = createSessions;
const encoding_ts_1 = require("../encoding.js");
const errors_ts_1 = require("../errors.js");
const errors_ts_2 = require("../generated/errors.js");
const operations_ts_1 = require("../generated/operations.js");
const shared_ts_1 = require("../shared.js");
const keys_ts_1 = require("./keys.js");
const packet_ts_1 = require("./packet.js");
/** One device and one session for all calls of a client: registered and opened with the first of them. */
function createSessions(options, call) {
    let { device } = options;
    async function register() {
        const deviceId = `sdk-${crypto.randomUUID()}`;
        const own = await (0, keys_ts_1.newKeyPair)();
        const answer = await call(operations_ts_1.operations['security.device'], { deviceId, publicKey: (0, encoding_ts_1.toBase64)(own.publicKey) });
        const { publicKey } = answer;
        device = { deviceId, masterKey: await (0, keys_ts_1.masterKeyOf)(own, publicKey, deviceId) };
        await options.onDevice?.(device);
        return device;
    }
    return (0, shared_ts_1.createShared)(async () => {
        const { deviceId, masterKey } = device ?? (await register());
        const nonce = (0, keys_ts_1.newNonce)();
        const timestamp = String(Math.floor(Date.now() / 1000));
        const proof = await (0, keys_ts_1.proofOf)(masterKey, 'gcm', deviceId, timestamp, (0, encoding_ts_1.toHex)(nonce));
        const wish = { deviceId, suite: 'gcm', timestamp, nonce: (0, encoding_ts_1.toHex)(nonce), proof };
        const answer = await call(operations_ts_1.operations['security.session'], wish).catch(explain);
        const { sessionId, expiresIn } = answer;
        return {
            value: (0, packet_ts_1.packetSession)(sessionId, await (0, keys_ts_1.sessionKeysOf)(masterKey, nonce, sessionId)),
            seconds: expiresIn,
        };
    });
}
function explain(error) {
    if (error instanceof errors_ts_2.BadParameterError)
        throw new errors_ts_1.PacketError(`${error.message}${(0, packet_ts_1.clockAdvice)()}`, { cause: error });
    throw error;
}

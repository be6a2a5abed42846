"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createCalls = createCalls;
const attempt_ts_1 = require("./attempt.js");
const errors_ts_1 = require("./errors.js");
const errors_ts_2 = require("./generated/errors.js");
const operations_ts_1 = require("./generated/operations.js");
const packet_ts_1 = require("./packets/packet.js");
const sessions_ts_1 = require("./packets/sessions.js");
const settings_ts_1 = require("./settings.js");
const shared_ts_1 = require("./shared.js");
const waiting_ts_1 = require("./waiting.js");
const firstDelayMs = 250;
const delayAtMostMs = 5000;
function createCalls(options) {
    const settings = (0, settings_ts_1.readSettings)(options);
    const { devId, devSecret, packets } = options;
    const tokens = (0, shared_ts_1.createShared)(async () => {
        const body = await call(operations_ts_1.operations['token.getDevToken'], { devId, devSecret });
        const { devToken, expiresIn } = body;
        return { value: devToken, seconds: expiresIn };
    });
    const sessions = packets
        ? (0, sessions_ts_1.createSessions)(packets === true ? {} : packets, (operation, input) => call(operation, input, { retries: 0 }))
        : undefined;
    const signalsOf = ({ signal }) => (signal ? [...settings.signals, signal] : settings.signals);
    const token = (wanted = {}) => (0, waiting_ts_1.untilAborted)(signalsOf(wanted), tokens.get());
    async function call(operation, given = {}, wanted = {}) {
        const { key, input } = withKey(operation, given);
        const signals = signalsOf(wanted);
        const retries = wanted.retries ?? settings.retries;
        const { language = settings.language, timeoutMs = settings.timeoutMs } = wanted;
        const isSealed = sessions && operation.takesToken && !operation.path.startsWith('/api/security/');
        const renewed = new Set();
        for (let failures = 0;;) {
            // Asking for a token has retries of its own.
            const token = operation.takesToken ? await (0, waiting_ts_1.untilAborted)(signals, tokens.get()) : undefined;
            let hasLeft = false;
            try {
                const session = isSealed ? await (0, waiting_ts_1.untilAborted)(signals, sessions.get()) : undefined;
                hasLeft = true;
                return await (0, attempt_ts_1.attempt)(settings, { operation, input, token, session, language, timeoutMs, signals });
            }
            catch (error) {
                if (hasLeft && error instanceof errors_ts_1.WispError)
                    error.idempotencyKey = key;
                const kind = staleKindOf(error);
                if (kind && !renewed.has(kind)) {
                    renewed.add(kind);
                    if (error instanceof packet_ts_1.StaleSessionError)
                        sessions?.forget(error.session);
                    else if (token !== undefined)
                        tokens.forget(token);
                    continue;
                }
                const isSafe = !hasLeft || operation.repeats !== false || ranNothing(error);
                const delayMs = isSafe ? delayBefore(error, failures, settings) : undefined;
                if (failures >= retries || delayMs === undefined)
                    throw error;
                failures += 1;
                await (0, waiting_ts_1.wait)(delayMs, signals);
            }
        }
    }
    return { settings, call, token, forgetToken: tokens.forget };
}
/** What of the client's wisp does not take any more, and takes anew. */
function staleKindOf(error) {
    if (error instanceof errors_ts_2.DeadTokenError)
        return 'token';
    return error instanceof packet_ts_1.StaleSessionError ? 'session' : undefined;
}
/** Keeps one key over all attempts. */
function withKey({ repeats }, given) {
    if (typeof repeats === 'boolean')
        return { key: undefined, input: given };
    const key = String(given[repeats.key] || crypto.randomUUID());
    return { key, input: { ...given, [repeats.key]: key } };
}
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
/** Whether it is certain that the call was not carried out. */
function ranNothing(error) {
    if (error instanceof errors_ts_2.TooManyRequestsError)
        return true;
    if (!(error instanceof errors_ts_1.NoAnswerError))
        return false;
    const thrown = error.cause;
    return neverSent.has(thrown?.cause?.code ?? '');
}
/** How long to wait before the call is made again, or undefined for failures that would only come again. */
function delayBefore(error, failures, settings) {
    if (!isPassing(error))
        return undefined;
    const asked = error instanceof errors_ts_1.ApiError ? error.retryAfterSeconds : undefined;
    if (asked !== undefined)
        return asked * 1000 <= settings.retryAfterAtMostMs ? asked * 1000 : undefined;
    // Clients that failed together must not come again together.
    return Math.min(firstDelayMs * 2 ** failures, delayAtMostMs) * (0.5 + Math.random() / 2);
}
function isPassing(error) {
    if (error instanceof errors_ts_1.NoAnswerError || error instanceof errors_ts_1.TimeoutError)
        return true;
    if (error instanceof errors_ts_1.UnexpectedAnswerError)
        return [502, 503, 504].includes(error.status);
    return error instanceof errors_ts_2.TooManyRequestsError || (error instanceof errors_ts_1.ApiError && error.status === 503);
}

import { attempt } from './attempt.js';
import { ApiError, NoAnswerError, TimeoutError, UnexpectedAnswerError, WispError } from './errors.js';
import { DeadTokenError, TooManyRequestsError } from './generated/errors.js';
import { operations } from './generated/operations.js';
import { StaleSessionError } from './packets/packet.js';
import { createSessions } from './packets/sessions.js';
import { readSettings } from './settings.js';
import { createShared } from './shared.js';
import { untilAborted, wait } from './waiting.js';
const firstDelayMs = 250;
const delayAtMostMs = 5000;
export function createCalls(options) {
    const settings = readSettings(options);
    const { devId, devSecret, packets } = options;
    const tokens = createShared(async () => {
        const body = await call(operations['token.getDevToken'], { devId, devSecret });
        const { devToken, expiresIn } = body;
        return { value: devToken, seconds: expiresIn };
    });
    const sessions = packets
        ? createSessions(packets === true ? {} : packets, (operation, input) => call(operation, input, { retries: 0 }))
        : undefined;
    const signalsOf = ({ signal }) => (signal ? [...settings.signals, signal] : settings.signals);
    const token = (wanted = {}) => untilAborted(signalsOf(wanted), tokens.get());
    async function call(operation, given = {}, wanted = {}) {
        const { key, input } = withKey(operation, given);
        const signals = signalsOf(wanted);
        const retries = wanted.retries ?? settings.retries;
        const { language = settings.language, timeoutMs = settings.timeoutMs } = wanted;
        const isSealed = sessions && operation.takesToken && !operation.path.startsWith('/api/security/');
        const renewed = new Set();
        for (let failures = 0;;) {
            // Asking for a token has retries of its own.
            const token = operation.takesToken ? await untilAborted(signals, tokens.get()) : undefined;
            let hasLeft = false;
            try {
                const session = isSealed ? await untilAborted(signals, sessions.get()) : undefined;
                hasLeft = true;
                return await attempt(settings, { operation, input, token, session, language, timeoutMs, signals });
            }
            catch (error) {
                if (hasLeft && error instanceof WispError)
                    error.idempotencyKey = key;
                const kind = staleKindOf(error);
                if (kind && !renewed.has(kind)) {
                    renewed.add(kind);
                    if (error instanceof StaleSessionError)
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
                await wait(delayMs, signals);
            }
        }
    }
    return { settings, call, token, forgetToken: tokens.forget };
}
/** What of the client's wisp does not take any more, and takes anew. */
function staleKindOf(error) {
    if (error instanceof DeadTokenError)
        return 'token';
    return error instanceof StaleSessionError ? 'session' : undefined;
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
    if (error instanceof TooManyRequestsError)
        return true;
    if (!(error instanceof NoAnswerError))
        return false;
    const thrown = error.cause;
    return neverSent.has(thrown?.cause?.code ?? '');
}
/** How long to wait before the call is made again, or undefined for failures that would only come again. */
function delayBefore(error, failures, settings) {
    if (!isPassing(error))
        return undefined;
    const asked = error instanceof ApiError ? error.retryAfterSeconds : undefined;
    if (asked !== undefined)
        return asked * 1000 <= settings.retryAfterAtMostMs ? asked * 1000 : undefined;
    // Clients that failed together must not come again together.
    return Math.min(firstDelayMs * 2 ** failures, delayAtMostMs) * (0.5 + Math.random() / 2);
}
function isPassing(error) {
    if (error instanceof NoAnswerError || error instanceof TimeoutError)
        return true;
    if (error instanceof UnexpectedAnswerError)
        return [502, 503, 504].includes(error.status);
    return error instanceof TooManyRequestsError || (error instanceof ApiError && error.status === 503);
}

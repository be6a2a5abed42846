import { bodyOf, unexpected } from '../answer.js';
import { noAnswer } from '../attempt.js';
import { ApiError, NoAnswerError, TimeoutError, UnexpectedAnswerError, WispError } from '../errors.js';
import { DeadTokenError, TooManyRequestsError } from '../generated/errors.js';
import { onAbort, wait } from '../waiting.js';
import { serverSent } from './server-sent.js';
const path = '/api/event/stream';
const call = `GET ${path}`;
const firstDelayMs = 1000;
const delayAtMostMs = 30_000;
/**
 * Events as they happen, each once as long as it is read, over as many connections as it takes. Throws what connecting again
 * cannot mend.
 */
export function eventStream(calls, options = {}) {
    const position = {
        id: String(options.after ?? ''),
        delayMs: firstDelayMs,
        failures: 0,
        wasDead: false,
    };
    return {
        get lastId() {
            return position.id;
        },
        [Symbol.asyncIterator]: () => follow(calls, options, position),
    };
}
async function* follow(calls, { types, signal, silenceMs = 90_000, onDisconnect }, position) {
    const signals = signal ? [...calls.settings.signals, signal] : calls.settings.signals;
    for (;;) {
        try {
            yield* connection(calls, signals, position, { types, silenceMs });
            throw new NoAnswerError('平台结束了连接（the platform ended the connection）');
        }
        catch (error) {
            for (const one of signals)
                one.throwIfAborted();
            if (error instanceof DeadTokenError && !position.wasDead) {
                position.wasDead = true;
                continue;
            }
            if (!isPassing(error))
                throw error;
            onDisconnect?.(error);
            const backOff = Math.min(position.delayMs * 2 ** position.failures, delayAtMostMs);
            position.failures += 1;
            const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
            await wait(Math.max(asked, backOff * (0.5 + Math.random() / 2)), signals);
        }
    }
}
function isPassing(error) {
    if (error instanceof NoAnswerError || error instanceof TimeoutError)
        return true;
    if (error instanceof UnexpectedAnswerError)
        return error.status >= 500;
    return error instanceof TooManyRequestsError || (error instanceof ApiError && error.status === 503);
}
async function* connection(calls, signals, position, { types, silenceMs }) {
    const { settings } = calls;
    const controller = new AbortController();
    const stop = onAbort(signals, reason => controller.abort(reason));
    const silent = new TimeoutError('事件流没有动静（the stream is silent）');
    let timer;
    const wakeAfter = (ms) => {
        clearTimeout(timer);
        timer = setTimeout(() => controller.abort(silent), ms);
    };
    try {
        wakeAfter(settings.timeoutMs);
        const body = await connect(calls, position.id, types, controller.signal);
        wakeAfter(silenceMs);
        const told = {
            lastId: position.id,
            onId: (id) => {
                position.id = id;
            },
            onBytes: () => {
                position.failures = 0;
                position.wasDead = false;
                wakeAfter(silenceMs);
            },
            onRetry: (ms) => {
                position.delayMs = ms;
            },
        };
        for await (const { id, data } of serverSent(body, told)) {
            // The time that the reader takes is no silence.
            clearTimeout(timer);
            yield { ...JSON.parse(data), id };
            wakeAfter(silenceMs);
        }
    }
    catch (error) {
        if (controller.signal.aborted)
            throw controller.signal.reason;
        throw error instanceof WispError ? error : noAnswer(settings, error);
    }
    finally {
        clearTimeout(timer);
        stop();
        controller.abort();
    }
}
async function connect({ settings, token, forgetToken }, lastId, types, signal) {
    const devToken = await token({ signal });
    const headers = {
        accept: 'text/event-stream',
        'accept-language': settings.language,
        authorization: `Bearer ${devToken}`,
    };
    if (lastId)
        headers['last-event-id'] = lastId;
    const query = types?.length ? `?${new URLSearchParams({ types: types.join('|') })}` : '';
    const url = `${settings.url}${path}${query}`;
    const response = await settings.fetch(url, { headers, signal, redirect: 'manual' });
    const type = response.headers.get('content-type') ?? '';
    if (response.status === 200 && response.body && type.startsWith('text/event-stream'))
        return response.body;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const answer = { url, status: response.status, headers: response.headers, bytes };
    try {
        bodyOf(call, answer);
    }
    catch (error) {
        if (error instanceof DeadTokenError)
            forgetToken(devToken);
        throw error;
    }
    throw unexpected(call, answer);
}

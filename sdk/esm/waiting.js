import { TimeoutError } from './errors.js';
/** Resolves after a time. Rejects with the reason of a signal that is aborted. */
export async function wait(ms, signals) {
    let timer;
    const elapsed = new Promise(resolve => {
        timer = setTimeout(resolve, ms);
    });
    try {
        await untilAborted(signals, elapsed);
    }
    finally {
        clearTimeout(timer);
    }
}
/** The work's result; rejects as soon as a signal is aborted, while the work goes on for others. */
export async function untilAborted(signals, work) {
    let stop = () => { };
    const aborted = new Promise((_resolve, reject) => {
        stop = onAbort(signals, reject);
    });
    try {
        return await Promise.race([work, aborted]);
    }
    finally {
        stop();
    }
}
/**
 * Does the work with a signal that is aborted with any of these, and after a time. Rejects with the reason of the signal
 * that was aborted, or with TimeoutError.
 */
export async function withDeadline(signals, ms, work) {
    const controller = new AbortController();
    const stop = onAbort(signals, reason => controller.abort(reason));
    const late = new TimeoutError(`${ms} 毫秒内没有应答（no answer within ${ms} ms）`);
    const timer = setTimeout(() => controller.abort(late), ms);
    try {
        controller.signal.throwIfAborted();
        return await work(controller.signal);
    }
    catch (error) {
        // What `fetch` rejects with when it is aborted differs between runtimes.
        throw controller.signal.aborted ? controller.signal.reason : error;
    }
    finally {
        clearTimeout(timer);
        stop();
    }
}
/**
 * Who waits for a signal. There is one listener for all of them, because a client's signal has as many waiting as there are calls
 * under way, and Node warns of a leak at eleven listeners.
 */
const waiting = new WeakMap();
/** Tells the reason at once when a signal is aborted already. Returns what ends the listening. */
export function onAbort(signals, tell) {
    // Each listening is told once, though the same function may listen twice.
    const own = (reason) => tell(reason);
    for (const signal of signals) {
        if (signal.aborted)
            own(signal.reason);
        else
            waitingFor(signal).add(own);
    }
    return () => {
        for (const signal of signals)
            waiting.get(signal)?.delete(own);
    };
}
function waitingFor(signal) {
    const known = waiting.get(signal);
    if (known)
        return known;
    const all = new Set();
    waiting.set(signal, all);
    const tellAll = () => {
        for (const tell of all)
            tell(signal.reason);
    };
    signal.addEventListener('abort', tellAll, { once: true });
    return all;
}

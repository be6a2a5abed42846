import { FullReadNeededError } from './errors.js';
import { operations } from './generated/operations.js';
import { wait } from './waiting.js';
export function changesFeed({ settings, call }, options = {}) {
    const { since = 0, limit, follow = false, intervalMs = 5000, onFullReadNeeded, ...ofCalls } = options;
    const signals = options.signal ? [...settings.signals, options.signal] : settings.signals;
    let next = since;
    async function* read() {
        for (;;) {
            const answer = await call(operations['directory.changes'], { since: next, limit }, ofCalls);
            const page = answer;
            if (page.resync) {
                if (!onFullReadNeeded)
                    throw new FullReadNeededError(page.next);
                await onFullReadNeeded(page.next);
            }
            for (const change of page.list) {
                next = change.seq;
                yield change;
            }
            next = page.next;
            if (page.more)
                continue;
            if (!follow)
                return;
            await wait(intervalMs, signals);
        }
    }
    return {
        get next() {
            return next;
        },
        [Symbol.asyncIterator]: read,
    };
}

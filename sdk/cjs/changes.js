"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.changesFeed = changesFeed;
const errors_ts_1 = require("./errors.js");
const operations_ts_1 = require("./generated/operations.js");
const waiting_ts_1 = require("./waiting.js");
function changesFeed({ settings, call }, options = {}) {
    const { since = 0, limit, follow = false, intervalMs = 5000, onFullReadNeeded, ...ofCalls } = options;
    const signals = options.signal ? [...settings.signals, options.signal] : settings.signals;
    let next = since;
    async function* read() {
        for (;;) {
            const answer = await call(operations_ts_1.operations['directory.changes'], { since: next, limit }, ofCalls);
            const page = answer;
            if (page.resync) {
                if (!onFullReadNeeded)
                    throw new errors_ts_1.FullReadNeededError(page.next);
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
            await (0, waiting_ts_1.wait)(intervalMs, signals);
        }
    }
    return {
        get next() {
            return next;
        },
        [Symbol.asyncIterator]: read,
    };
}

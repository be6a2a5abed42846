"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readSettings = readSettings;
/** Throws TypeError for options that cannot work. */
function readSettings(options) {
    for (const name of ['url', 'devId', 'devSecret']) {
        if (typeof options[name] !== 'string' || options[name] === '')
            throw new TypeError(`缺少 ${name}（${name} is missing）`);
    }
    if (!/^https?:$/.test(URL.canParse(options.url) ? new URL(options.url).protocol : ''))
        throw new TypeError(`url 应为 http 或 https 地址（url should be http or https）: ${options.url}`);
    return {
        url: options.url.replace(/\/+$/, ''),
        language: options.language ?? 'zh',
        timeoutMs: options.timeoutMs ?? 30_000,
        retries: options.retries ?? 2,
        retryAfterAtMostMs: options.retryAfterAtMostMs ?? 60_000,
        signals: options.signal ? [options.signal] : [],
        fetch: options.fetch ?? ((...given) => fetch(...given)),
    };
}

import { bodyOf } from './answer.js';
import { NoAnswerError } from './errors.js';
import { withDeadline } from './waiting.js';
/** Makes the call once. Resolves with the answer's `body`. */
export async function attempt(settings, wanted) {
    const { operation, session, timeoutMs, signals } = wanted;
    const packet = await session?.seal(operation.path, wanted.input);
    const { url, ...init } = packet
        ? request(settings, { ...wanted, operation: { ...operation, method: 'POST' } }, packet.body, packet.headers)
        : request(settings, wanted, JSON.stringify(wanted.input), {});
    const answer = await withDeadline(signals, timeoutMs, signal => exchange(settings, url, { ...init, signal }));
    const call = nameOf(operation);
    return packet ? packet.open(call, answer) : bodyOf(call, answer);
}
export function nameOf({ method, path }) {
    return `${method} ${path}`;
}
function request(settings, { operation, input, token, language }, body, more) {
    const { method, path } = operation;
    const headers = { ...more, 'accept-language': language };
    if (token !== undefined)
        headers['authorization'] = `Bearer ${token}`;
    // A followed redirect would turn a POST into a GET, and carry the token to wherever it leads.
    const redirect = 'manual';
    if (method === 'GET')
        return { url: `${settings.url}${path}${queryOf(input)}`, method, headers, redirect };
    headers['content-type'] = 'application/json';
    return { url: `${settings.url}${path}`, method, headers, body, redirect };
}
/** Lists are joined by `|`; what is undefined, null or empty is left out. */
function queryOf(input) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(input)) {
        if (value === undefined || value === null || value === '')
            continue;
        query.set(name, Array.isArray(value) ? value.join('|') : String(value));
    }
    const text = query.toString();
    return text && `?${text}`;
}
async function exchange(settings, url, init) {
    try {
        const response = await settings.fetch(url, init);
        return {
            url,
            status: response.status,
            headers: response.headers,
            bytes: new Uint8Array(await response.arrayBuffer()),
        };
    }
    catch (cause) {
        throw noAnswer(settings, cause);
    }
}
export function noAnswer(settings, cause) {
    const inner = cause.cause ?? cause;
    const what = inner instanceof Error ? inner.message || inner.name : String(inner);
    return new NoAnswerError(`平台没有应答（no answer from ${settings.url}）: ${what}`, { cause });
}

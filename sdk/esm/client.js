import { createCalls } from './calls.js';
import { changesFeed } from './changes.js';
import { eventStream } from './events/stream.js';
import { operations } from './generated/operations.js';
import { allOf } from './lists.js';
/** A client for one developer of one platform. Throws TypeError for options that cannot work; asks nothing yet. */
export function createClient(options) {
    const calls = createCalls(options);
    return {
        ...treeOf(calls),
        changes: wanted => changesFeed(calls, wanted),
        events: wanted => eventStream(calls, wanted),
        devToken: calls.token,
        request: (method, path, input = {}, { repeats = method === 'GET', ...wanted } = {}) => calls.call({ method, path, takesToken: true, repeats }, input, wanted),
    };
}
/** A function for each operation, under the parts of its name. */
function treeOf(calls) {
    const tree = {};
    for (const [name, operation] of Object.entries(operations)) {
        const parts = name.split('.');
        const last = parts.pop() ?? '';
        let branch = tree;
        for (const part of parts) {
            branch[part] ??= {};
            branch = branch[part];
        }
        branch[last] = callOf(calls, operation);
    }
    return tree;
}
function callOf(calls, operation) {
    const call = (input, options) => calls.call(operation, input, options);
    if (operation.pages)
        call.all = (input, options) => allOf(calls, operation, input, options);
    return call;
}

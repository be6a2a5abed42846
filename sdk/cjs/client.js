"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createClient = createClient;
const calls_ts_1 = require("./calls.js");
const changes_ts_1 = require("./changes.js");
const stream_ts_1 = require("./events/stream.js");
const operations_ts_1 = require("./generated/operations.js");
const lists_ts_1 = require("./lists.js");
/** A client for one developer of one platform. Throws TypeError for options that cannot work; asks nothing yet. */
function createClient(options) {
    const calls = (0, calls_ts_1.createCalls)(options);
    return {
        ...treeOf(calls),
        changes: wanted => (0, changes_ts_1.changesFeed)(calls, wanted),
        events: wanted => (0, stream_ts_1.eventStream)(calls, wanted),
        devToken: calls.token,
        request: (method, path, input = {}, { repeats = method === 'GET', ...wanted } = {}) => calls.call({ method, path, takesToken: true, repeats }, input, wanted),
    };
}
/** A function for each operation, under the parts of its name. */
function treeOf(calls) {
    const tree = {};
    for (const [name, operation] of Object.entries(operations_ts_1.operations)) {
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
        call.all = (input, options) => (0, lists_ts_1.allOf)(calls, operation, input, options);
    return call;
}

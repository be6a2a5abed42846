"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.allOf = allOf;
/** Everything in a list, asked for page by page while it is read. `input` may say where it begins. */
async function* allOf({ call }, operation, input = {}, options = {}) {
    let asked = startOf(operation, input);
    while (asked) {
        const answer = (await call(operation, asked, options));
        yield* answer.list;
        asked = nextOf(operation, asked, answer);
    }
}
function startOf({ pages }, input) {
    return pages?.by === 'pageNo' ? { pageNo: 1, pageSize: pages.size, ...input } : input;
}
function nextOf({ pages }, asked, answer) {
    if (answer.list.length === 0 || !pages)
        return undefined;
    if (pages.by === 'cursor') {
        const next = answer[pages.output];
        return next ? { ...asked, [pages.input]: next } : undefined;
    }
    const isLast = answer.list.length < Number(asked['pageSize']);
    return isLast ? undefined : { ...asked, pageNo: Number(asked['pageNo']) + 1 };
}

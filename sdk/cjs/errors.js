"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.FullReadNeededError = exports.PacketError = exports.UnexpectedAnswerError = exports.TimeoutError = exports.NoAnswerError = exports.ApiError = exports.WispError = void 0;
/** Everything that the SDK throws by itself; an aborted signal throws its own reason. */
class WispError extends Error {
    name = 'WispError';
    /** The key that the call was made with: the same call under the same key is carried out once. */
    idempotencyKey;
}
exports.WispError = WispError;
/** wisp answered with a `retCode` other than `"0"`. Each code has a class of its own; this is that of codes newer than the SDK. */
class ApiError extends WispError {
    name = 'ApiError';
    code;
    retMessage;
    call;
    status;
    requestId;
    helpUrl;
    retryAfterSeconds;
    constructor(failure) {
        super(failureText(failure));
        this.code = failure.code;
        this.retMessage = failure.retMessage;
        this.call = failure.call;
        this.status = failure.status;
        this.requestId = failure.requestId;
        this.helpUrl = failure.helpUrl;
        this.retryAfterSeconds = failure.retryAfterSeconds;
    }
}
exports.ApiError = ApiError;
function failureText({ code, retMessage, call, requestId, helpUrl }) {
    const about = [call, requestId && `request ${requestId}`, helpUrl].filter(Boolean).join(', ');
    return `${code} ${retMessage} (${about})`;
}
/** No answer arrived: `cause` is what `fetch` threw. */
class NoAnswerError extends WispError {
    name = 'NoAnswerError';
}
exports.NoAnswerError = NoAnswerError;
/** An attempt took longer than `timeoutMs`. */
class TimeoutError extends WispError {
    name = 'TimeoutError';
}
exports.TimeoutError = TimeoutError;
/** The answer is none of wisp's: mostly a proxy's page, or a wrong `url`. */
class UnexpectedAnswerError extends WispError {
    name = 'UnexpectedAnswerError';
    status;
    constructor(message, status) {
        super(message);
        this.status = status;
    }
}
exports.UnexpectedAnswerError = UnexpectedAnswerError;
/** An encrypted packet's answer cannot be trusted, or wisp refuses the packets of this device. */
class PacketError extends WispError {
    name = 'PacketError';
}
exports.PacketError = PacketError;
/** The change feed no longer has everything after `since`: read all, then continue from `next`. */
class FullReadNeededError extends WispError {
    name = 'FullReadNeededError';
    next;
    constructor(next) {
        super(`变更流已不完整，请全量读取后从 ${next} 继续（the change feed is incomplete: read everything, then continue from ${next}）`);
        this.next = next;
    }
}
exports.FullReadNeededError = FullReadNeededError;

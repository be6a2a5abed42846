/** Everything that the SDK throws by itself; an aborted signal throws its own reason. */
export declare class WispError extends Error {
    readonly name: string;
    /** The key that the call was made with: the same call under the same key is carried out once. */
    idempotencyKey: string | undefined;
}
/** What is known of an answer that is a failure. */
export type Failure = {
    /** `retCode`, such as `1007`. */
    code: string;
    retMessage: string;
    /** Method and path, such as `GET /api/user/get`. */
    call: string;
    status: number;
    /** `x-request-id`, by which administrators find the call in the request log. */
    requestId: string;
    /** The page about this code with all its causes. */
    helpUrl: string;
    retryAfterSeconds: number | undefined;
};
/** wisp answered with a `retCode` other than `"0"`. Each code has a class of its own; this is that of codes newer than the SDK. */
export declare class ApiError extends WispError implements Failure {
    readonly name: string;
    readonly code: string;
    readonly retMessage: string;
    readonly call: string;
    readonly status: number;
    readonly requestId: string;
    readonly helpUrl: string;
    readonly retryAfterSeconds: number | undefined;
    constructor(failure: Failure);
}
/** No answer arrived: `cause` is what `fetch` threw. */
export declare class NoAnswerError extends WispError {
    readonly name = "NoAnswerError";
}
/** An attempt took longer than `timeoutMs`. */
export declare class TimeoutError extends WispError {
    readonly name = "TimeoutError";
}
/** The answer is none of wisp's: mostly a proxy's page, or a wrong `url`. */
export declare class UnexpectedAnswerError extends WispError {
    readonly name = "UnexpectedAnswerError";
    readonly status: number;
    constructor(message: string, status: number);
}
/** An encrypted packet's answer cannot be trusted, or wisp refuses the packets of this device. */
export declare class PacketError extends WispError {
    readonly name = "PacketError";
}
/** The change feed no longer has everything after `since`: read all, then continue from `next`. */
export declare class FullReadNeededError extends WispError {
    readonly name = "FullReadNeededError";
    readonly next: number;
    constructor(next: number);
}

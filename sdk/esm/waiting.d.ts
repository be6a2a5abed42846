/** Resolves after a time. Rejects with the reason of a signal that is aborted. */
export declare function wait(ms: number, signals: readonly AbortSignal[]): Promise<void>;
/** The work's result; rejects as soon as a signal is aborted, while the work goes on for others. */
export declare function untilAborted<T>(signals: readonly AbortSignal[], work: Promise<T>): Promise<T>;
/**
 * Does the work with a signal that is aborted with any of these, and after a time. Rejects with the reason of the signal
 * that was aborted, or with TimeoutError.
 */
export declare function withDeadline<T>(signals: readonly AbortSignal[], ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
/** Tells the reason at once when a signal is aborted already. Returns what ends the listening. */
export declare function onAbort(signals: readonly AbortSignal[], tell: (reason: unknown) => void): () => void;

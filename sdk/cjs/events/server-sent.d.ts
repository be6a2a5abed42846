/** One event of a `text/event-stream`. */
export type ServerSent = {
    /** Of the last event that had one. */
    id: string;
    data: string;
};
export type ServerSentOptions = {
    lastId: string;
    /** Told of the id to go on from, also where it comes without an event. */
    onId(id: string): void;
    /** Told how long to wait, in ms, before connecting again. */
    onRetry(ms: number): void;
    /** Told of every arrival, comments included. */
    onBytes(): void;
};
/** Reads events as the HTML standard says; what ends in the middle of an event is dropped. */
export declare function serverSent(stream: ReadableStream<Uint8Array>, { lastId, onId, onRetry, onBytes }: ServerSentOptions): AsyncGenerator<ServerSent, void, undefined>;

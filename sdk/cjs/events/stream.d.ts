import type { Calls } from '../calls.js';
import type { WispEvent } from './types.js';
export type EventsOptions = {
    /** `id` of the last event that was worked on; without it the stream begins with what happens from now on. */
    after?: string | number | undefined;
    /** Types, or their beginnings up to a dot, such as `directory` or `bill.paid`; all by default. */
    types?: readonly string[] | undefined;
    /** Ends the stream with the signal's own reason. */
    signal?: AbortSignal | undefined;
    /** Connects again when nothing, not even a sign of life, has come for so long; 90,000 by default. */
    silenceMs?: number | undefined;
    /** Told why the stream is to be connected again. */
    onDisconnect?: ((error: unknown) => void) | undefined;
};
/** `id` is what to give as `after` next time. */
export type StreamedEvent = WispEvent & {
    id: string;
};
export type Events = AsyncIterable<StreamedEvent> & {
    /** What to give as `after` next time; it moves on where nothing of the wanted types happens, too. */
    readonly lastId: string;
};
/**
 * Events as they happen, each once as long as it is read, over as many connections as it takes. Throws what connecting again
 * cannot mend.
 */
export declare function eventStream(calls: Calls, options?: EventsOptions): Events;

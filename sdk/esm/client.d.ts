import { type Changes, type ChangesOptions } from './changes.js';
import { type Events, type EventsOptions } from './events/stream.js';
import type { Api } from './generated/api.js';
import type { CallOptions, Input } from './operation.js';
import type { ClientOptions } from './settings.js';
/** The calls of the API by their paths: `wisp.user.get(…)` is `GET /api/user/get`. */
export type Wisp = Api & {
    /** Who is added, changed, renamed and gone in the address book since the last time. */
    changes(options?: ChangesOptions): Changes;
    /** What happens from now on, or after the event with this `id`, as it happens. */
    events(options?: EventsOptions): Events;
    /** The devToken that the calls use, for what else needs one. */
    devToken(options?: CallOptions): Promise<string>;
    /** A call that this SDK does not know. It is made again where that is safe, which is for GET alone unless `repeats` says so. */
    request<Body = unknown>(method: 'GET' | 'POST', path: string, input?: Input, options?: CallOptions & {
        repeats?: boolean;
    }): Promise<Body>;
};
/** A client for one developer of one platform. Throws TypeError for options that cannot work; asks nothing yet. */
export declare function createClient(options: ClientOptions): Wisp;

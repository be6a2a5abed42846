import type { Calls } from './calls.js';
import type { CallOptions, Input, Operation } from './operation.js';
/** Everything in a list, asked for page by page while it is read. `input` may say where it begins. */
export declare function allOf({ call }: Calls, operation: Operation, input?: Input, options?: CallOptions): AsyncGenerator<unknown, void, undefined>;

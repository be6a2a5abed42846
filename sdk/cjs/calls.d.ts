import type { CallOptions, Input, Operation } from './operation.js';
import { type ClientOptions, type Settings } from './settings.js';
export type Calls = {
    settings: Settings;
    /** Makes a call, again where that is safe and helps. Resolves with its `body`. */
    call(operation: Operation, input: Input | undefined, options: CallOptions | undefined): Promise<unknown>;
    token(options?: CallOptions): Promise<string>;
    forgetToken(token: string): void;
};
export declare function createCalls(options: ClientOptions): Calls;

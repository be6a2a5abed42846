import type { PacketOptions } from './packets/device.js';
export type ClientOptions = {
    /** The platform's address, such as `https://wisp.example.com`. */
    url: string;
    devId: string;
    devSecret: string;
    /** Of `retMessage`; `zh` by default. */
    language?: 'zh' | 'en' | undefined;
    /** Of one attempt; 30,000 by default. */
    timeoutMs?: number | undefined;
    /** How often a call is made again at most, where that is safe; 2 by default. */
    retries?: number | undefined;
    /** A longer `Retry-After` is not waited for, and its error is thrown; 60,000 by default. */
    retryAfterAtMostMs?: number | undefined;
    /** Ends everything that this client does. */
    signal?: AbortSignal | undefined;
    /** Encrypts all calls, for developers whose setting of packet encryption is `allowed` or `required`. */
    packets?: boolean | PacketOptions | undefined;
    /** In the place of the global `fetch`. */
    fetch?: typeof fetch | undefined;
};
export type Settings = {
    /** Without a slash at the end. */
    url: string;
    language: 'zh' | 'en';
    timeoutMs: number;
    retries: number;
    retryAfterAtMostMs: number;
    signals: readonly AbortSignal[];
    fetch: typeof fetch;
};
/** Throws TypeError for options that cannot work. */
export declare function readSettings(options: ClientOptions): Settings;

import { NoAnswerError } from './errors.js';
import type { Input, Operation } from './operation.js';
import type { PacketSession } from './packets/packet.js';
import type { Settings } from './settings.js';
export type Attempt = {
    operation: Operation;
    input: Input;
    token: string | undefined;
    /** Encrypts the call where it is given. */
    session: PacketSession | undefined;
    language: 'zh' | 'en';
    timeoutMs: number;
    signals: readonly AbortSignal[];
};
/** Makes the call once. Resolves with the answer's `body`. */
export declare function attempt(settings: Settings, wanted: Attempt): Promise<unknown>;
export declare function nameOf({ method, path }: Pick<Operation, 'method' | 'path'>): string;
export declare function noAnswer(settings: Settings, cause: unknown): NoAnswerError;

import { type Answer } from '../answer.js';
import { PacketError } from '../errors.js';
import { BadParameterError } from '../generated/errors.js';
import type { Input } from '../operation.js';
import { type SessionKeys } from './keys.js';
export type PacketSession = {
    seal(path: string, input: Input): Promise<Packet>;
};
export type Packet = {
    headers: Record<string, string>;
    body: string;
    /** What the call answered. Throws PacketError for an answer that cannot be trusted. */
    open(call: string, answer: Answer): Promise<unknown>;
};
/** wisp refused the packet as a whole: its session may have ended, which another one mends. */
export declare class StaleSessionError extends PacketError {
    readonly session: PacketSession;
    constructor(session: PacketSession, cause: BadParameterError);
}
export declare function clockAdvice(): string;
/** Sections 3 and 4 of docs/packet-encryption.md. */
export declare function packetSession(sessionId: string, keys: SessionKeys): PacketSession;

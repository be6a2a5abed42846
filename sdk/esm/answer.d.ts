import { UnexpectedAnswerError } from './errors.js';
/** An answer of which everything has been read. */
export type Answer = {
    url: string;
    status: number;
    headers: Headers;
    bytes: Uint8Array;
};
export type Envelope = {
    retCode: string;
    retMessage: string;
    body?: unknown;
};
/** The envelope of an answer, or undefined for what is none. */
export declare function readEnvelope(bytes: Uint8Array): Envelope | undefined;
/** What the call answered. Throws the class of its code, or UnexpectedAnswerError. */
export declare function bodyOf(call: string, answer: Answer): unknown;
export declare function openEnvelope(call: string, { url, status, headers }: Answer, envelope: Envelope): unknown;
export declare function unexpected(call: string, { status, headers, bytes }: Answer): UnexpectedAnswerError;

import { type Bytes } from '../encoding.js';
export type KeyPair = {
    privateKey: CryptoKey;
    publicKey: Bytes;
};
export declare function newKeyPair(): Promise<KeyPair>;
/** Section 1. `wispKey` is base64; so is the answer. Throws for a shared secret that is all zeros. */
export declare function masterKeyOf(own: KeyPair, wispKey: string, deviceId: string): Promise<string>;
export type SessionKeys = {
    signing: CryptoKey;
    data: CryptoKey;
};
/** Section 2, suite `gcm`. */
export declare function sessionKeysOf(masterKey: string, nonce: Bytes, sessionId: string): Promise<SessionKeys>;
/** Hexadecimal, by which a device proves that it has the master key. */
export declare function proofOf(masterKey: string, ...lines: readonly string[]): Promise<string>;
export declare function newNonce(): Bytes;

export type Bytes = Uint8Array<ArrayBuffer>;
export declare function bytesOf(text: string): Bytes;
export declare function concat(...parts: readonly Uint8Array[]): Bytes;
export declare function toBase64(bytes: Uint8Array): string;
/** Throws for what is not base64. */
export declare function fromBase64(text: string): Bytes;
export declare function toHex(bytes: Uint8Array): string;
/** Undefined for what is not hexadecimal. */
export declare function fromHex(text: string): Bytes | undefined;

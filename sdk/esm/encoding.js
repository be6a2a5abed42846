const utf8 = new TextEncoder();
export function bytesOf(text) {
    return utf8.encode(text);
}
export function concat(...parts) {
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}
const chunkBytes = 32_768;
export function toBase64(bytes) {
    let text = '';
    for (let at = 0; at < bytes.length; at += chunkBytes)
        text += String.fromCharCode(...bytes.subarray(at, at + chunkBytes));
    return btoa(text);
}
/** Throws for what is not base64. */
export function fromBase64(text) {
    return Uint8Array.from(atob(text), one => one.charCodeAt(0));
}
export function toHex(bytes) {
    return Array.from(bytes, one => one.toString(16).padStart(2, '0')).join('');
}
/** Undefined for what is not hexadecimal. */
export function fromHex(text) {
    if (text.length % 2 || !/^[0-9a-f]*$/i.test(text))
        return undefined;
    return Uint8Array.from({ length: text.length / 2 }, (_all, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16));
}

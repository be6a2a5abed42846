import { type Bytes, bytesOf, concat, fromBase64, toBase64, toHex } from '../encoding.ts'

/** web/docs/content/en/build/packet-format.md, section by section. */
const { subtle } = globalThis.crypto

export type KeyPair = { privateKey: CryptoKey; publicKey: Bytes }

export async function newKeyPair(): Promise<KeyPair> {
  const { privateKey, publicKey } = (await subtle.generateKey('X25519', false, ['deriveBits'])) as Record<
    'privateKey' | 'publicKey',
    CryptoKey
  >
  return { privateKey, publicKey: new Uint8Array(await subtle.exportKey('raw', publicKey)) }
}

/** Section 1. `wispKey` is base64; so is the answer. Throws for a shared secret that is all zeros. */
export async function masterKeyOf(own: KeyPair, wispKey: string, deviceId: string): Promise<string> {
  const theirs = fromBase64(wispKey)
  const key = await subtle.importKey('raw', theirs, 'X25519', false, [])
  const shared = new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: key }, own.privateKey, 256))
  if (shared.every(byte => byte === 0)) throw new Error('the shared secret is all zeros')
  const info = concat(bytesOf('wisp master'), own.publicKey, theirs, bytesOf(deviceId))
  return toBase64(await derive(shared, new Uint8Array(), info))
}

export type SessionKeys = { signing: CryptoKey; data: CryptoKey }

/** Section 2, suite `gcm`. */
export async function sessionKeysOf(
  masterKey: string,
  nonce: Bytes,
  sessionId: string,
): Promise<SessionKeys> {
  const master = fromBase64(masterKey)
  const [signing, data] = await Promise.all(
    ['sign', 'data'].map(use => derive(master, nonce, bytesOf(`wisp ${use}${sessionId}`))),
  )
  return {
    signing: await hmacKey(signing!),
    data: await subtle.importKey('raw', data!, 'AES-GCM', false, ['encrypt', 'decrypt']),
  }
}

/** Hexadecimal, by which a device proves that it has the master key. */
export async function proofOf(masterKey: string, ...lines: readonly string[]): Promise<string> {
  const key = await hmacKey(fromBase64(masterKey))
  return toHex(new Uint8Array(await subtle.sign('HMAC', key, bytesOf(lines.join('\n')))))
}

export function newNonce(): Bytes {
  return globalThis.crypto.getRandomValues(new Uint8Array(16))
}

function hmacKey(raw: Bytes): Promise<CryptoKey> {
  return subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

async function derive(key: Bytes, salt: Bytes, info: Bytes): Promise<Bytes> {
  const from = await subtle.importKey('raw', key, 'HKDF', false, ['deriveBits'])
  return new Uint8Array(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, from, 256))
}

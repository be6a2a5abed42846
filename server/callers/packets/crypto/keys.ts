import {
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto'
import { type Suite, suites } from './suites.ts'

/** The keys of packet encryption (web/docs/content/en/build/packet-format.md), which has a worked example of each. */

export const publicKeyBytes = 32

export type SessionKeys = { signing: Buffer; data: Buffer }

/** A new X25519 pair; the public key is its 32 raw bytes. */
export function newKeyPair(): { publicKey: Buffer; privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('x25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  return { publicKey: Buffer.from(x, 'base64url'), privateKey }
}

/** Undefined for a public key that gives an all-zero secret, which anybody could compute. */
export function sharedSecret(privateKey: KeyObject, publicKey: Buffer): Buffer | undefined {
  const jwk = { kty: 'OKP', crv: 'X25519', x: publicKey.toString('base64url') }
  try {
    const secret = diffieHellman({ privateKey, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) })
    return secret.some(byte => byte !== 0) ? secret : undefined
  } catch {
    // OpenSSL refuses such keys itself.
    return undefined
  }
}

export function masterKeyOf(secret: Buffer, device: Buffer, wisp: Buffer, deviceId: string): Buffer {
  return derive(secret, Buffer.alloc(0), ['wisp master', device, wisp, deviceId], 32)
}

/** `nonce` is that of the call which opened the session, in hex. */
export function sessionKeysOf(
  masterKey: Buffer,
  nonce: string,
  sessionId: string,
  suite: Suite,
): SessionKeys {
  const salt = Buffer.from(nonce, 'hex')
  return {
    signing: derive(masterKey, salt, ['wisp sign', sessionId], 32),
    data: derive(masterKey, salt, ['wisp data', sessionId], suites[suite].dataKeyBytes),
  }
}

function derive(key: Buffer, salt: Buffer, info: (string | Buffer)[], bytes: number): Buffer {
  const joined = Buffer.concat(info.map(one => (typeof one === 'string' ? Buffer.from(one) : one)))
  return Buffer.from(hkdfSync('sha256', key, salt, joined, bytes))
}

/** The proof of who registers a device again, with the key that it has had; `publicKey` is base64, or '' for none. */
export function deviceProof(
  oldMasterKey: Buffer,
  { deviceId, publicKey, timestamp, nonce }: Record<'deviceId' | 'publicKey' | 'timestamp' | 'nonce', string>,
): string {
  return hmac('sha256', oldMasterKey, ['device', deviceId, publicKey, timestamp, nonce].join('\n'))
}

/** The proof of who opens a session. */
export function sessionProof(
  masterKey: Buffer,
  { suite, deviceId, timestamp, nonce }: Record<'suite' | 'deviceId' | 'timestamp' | 'nonce', string>,
): string {
  return hmac('sha256', masterKey, [suite, deviceId, timestamp, nonce].join('\n'))
}

/** In lower-case hex. */
export function hmac(hash: 'sha256' | 'md5', key: Buffer, text: string): string {
  return createHmac(hash, key).update(text).digest('hex')
}

/** Compares signatures in constant time. */
export function isSameText(good: string, given: string): boolean {
  const [a, b] = [Buffer.from(good), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

import { hmac, type SessionKeys } from './keys.ts'
import { newIv, type Suite, suites } from './suites.ts'

/** What a packet's signature covers beside its cipher, and suite gcm authenticates; `path` begins with `/api/`. */
export type Head = { kind: 'POST' | 'ANSWER'; path: string; timestamp: string; nonce: string }

function headText({ kind, path, timestamp, nonce }: Head): string {
  return `${kind}\n${path}\n${timestamp}\n${nonce}`
}

/** `cipher` is base64, `signature` hex. */
export function sealPacket(
  suite: Suite,
  keys: SessionKeys,
  head: Head,
  plain: Buffer,
  iv = newIv(suite),
): { cipher: string; signature: string } {
  const cipher = suites[suite].encrypt(keys.data, plain, headText(head), iv).toString('base64')
  return { cipher, signature: signPacket(suite, keys, head, cipher) }
}

export function signPacket(suite: Suite, keys: SessionKeys, head: Head, cipher: string): string {
  return hmac(suites[suite].hash, keys.signing, `${headText(head)}\n${cipher}`)
}

/** Undefined for what is no base64 of a cipher made with these keys. */
export function openPacket(suite: Suite, keys: SessionKeys, head: Head, cipher: string): Buffer | undefined {
  const bytes = Buffer.from(cipher, 'base64')
  if (bytes.toString('base64') !== cipher) return undefined
  return suites[suite].decrypt(keys.data, bytes, headText(head))
}

/**
 * Opens the pushes that WeCom and official accounts sign and encrypt (docs/upstream/message-crypto.md): those about the address book,
 * those of agents and those of official accounts. Each caller finds whose push it is and which keys may fit; this file checks the
 * signature, decrypts, and checks for whom the push is meant.
 */

import { isUtf8 } from 'node:buffer'
import {
  checkTimestamp,
  type PushHead,
  PushRefused,
  queryText,
} from '../../../platform/http/upstream-push.ts'
import { decrypt, MessageCryptoError, verifySignature } from '../message-crypto.ts'
import { WecomXmlError } from '../xml.ts'

/** Query parameters and the echo of a verification are at most this long, in characters. */
export const parameterAtMost = 128
export const echoAtMost = 1024

/** The parameters of a push that prove it, exactly as received. */
export type PushSignature = { signature: string; timestamp: string; nonce: string }

export type SigningKeys = { token: string; encodingAesKey: string }

/** Whom a push must be meant for: a corpid or an appid. `whenOther` is said of a push that is meant for another one. */
export type Receiver = { receiveId: string; whenOther: string }

/** Makes the refusal, which may name whose secrets refused the push. */
type Refuse = (status: number, message: string) => PushRefused

/** Reads the parameters of WeCom's pushes. Throws PushRefused for missing ones and for a time that is too far away. */
export function readSignature(ctx: { now(): number }, head: PushHead): PushSignature {
  const read = (name: string) => queryText(head, name, parameterAtMost)
  const signed = { signature: read('msg_signature'), timestamp: read('timestamp'), nonce: read('nonce') }
  checkTimestamp(ctx, signed.timestamp)
  return signed
}

/** Throws PushRefused. */
export function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new PushRefused(400, 'body is not UTF-8')
  return body.toString()
}

/**
 * Decrypts the part of a push, or the echo of a verification, that one of the keys has signed. Returns undefined where none of them
 * has, and throws PushRefused for what was signed and is wrong all the same.
 */
export function openSigned<K extends SigningKeys>(
  keys: readonly K[],
  { signature, timestamp, nonce }: PushSignature,
  encrypted: string,
  { receiveId, whenOther }: Receiver,
  refuse: Refuse = (status, message) => new PushRefused(status, message),
): { keys: K; message: string } | undefined {
  const fitting = keys.find(one => verifySignature(one.token, timestamp, nonce, encrypted, signature))
  if (!fitting) return undefined
  const opened = readEncrypted(fitting, encrypted, refuse)
  if (opened.receiveId !== receiveId) throw refuse(403, whenOther)
  // PostgreSQL text cannot hold NUL, and neither can XML.
  if (opened.message.includes('\0')) throw refuse(400, 'event holds NUL')
  return { keys: fitting, message: opened.message }
}

function readEncrypted({ encodingAesKey }: SigningKeys, encrypted: string, refuse: Refuse) {
  try {
    return decrypt(encodingAesKey, encrypted)
  } catch (error) {
    if (error instanceof MessageCryptoError) throw refuse(400, `Encrypt: ${error.message}`)
    throw error
  }
}

/** Reads XML of WeCom; `what` names the part of the push in the refusal. Throws PushRefused. */
export function readXml<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof WecomXmlError) throw new PushRefused(400, `${what}: ${error.message}`)
    throw error
  }
}

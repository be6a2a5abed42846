import { digits, encrypt, sign } from '../../push/crypto.ts'
import { cdata } from '../../push/xml.ts'
import type { Account, StoredPush } from '../state/account.ts'
import type { Server } from '../state/profile.ts'
import { toJson, toXml } from './wire.ts'

/** A request to the account's server. */
export interface SealedRequest {
  url: string
  body: string
  contentType: string
}

/**
 * Builds the push in the account's mode, with a new nonce and, when encrypted, new bytes
 * (docs/upstream/official-push.md#verification-and-modes).
 */
export function seal(
  account: Account,
  server: Server,
  push: StoredPush,
  { now, singles }: { now: number; singles: boolean },
): SealedRequest {
  const json = server.format === 'json'
  const clear = json ? toJson(push.fields, singles) : toXml(push.fields)
  const url = signedUrl(server, now)
  url.searchParams.set('openid', push.openid)
  const contentType = json ? 'application/json' : 'text/xml'
  if (server.mode === 'plain') return { url: url.href, body: clear, contentType }
  const encrypted = encrypt(server.encodingAesKey, clear, account.profile.appId)
  url.searchParams.set('encrypt_type', 'aes')
  const [timestamp, nonce] = [url.searchParams.get('timestamp')!, url.searchParams.get('nonce')!]
  url.searchParams.set('msg_signature', sign(server.token, timestamp, nonce, encrypted))
  const body = json ? jsonBody(account, server, clear, encrypted) : xmlBody(account, server, clear, encrypted)
  return { url: url.href, body, contentType }
}

/** The server's address with signature, timestamp and nonce. */
export function signedUrl(server: Server, now: number): URL {
  const url = new URL(server.url)
  const timestamp = String(Math.floor(now / 1000))
  const nonce = digits(9)
  url.searchParams.set('signature', sign(server.token, timestamp, nonce, ''))
  url.searchParams.set('timestamp', timestamp)
  url.searchParams.set('nonce', nonce)
  return url
}

function xmlBody(account: Account, server: Server, clear: string, encrypted: string): string {
  const sealed = cdata('Encrypt', encrypted)
  if (server.mode === 'compatible') return `${clear.slice(0, -'</xml>'.length)}${sealed}</xml>`
  return `<xml>${cdata('ToUserName', account.profile.originalId)}${sealed}</xml>`
}

function jsonBody(account: Account, server: Server, clear: string, encrypted: string): string {
  if (server.mode === 'compatible') return `${clear.slice(0, -1)},"Encrypt":"${encrypted}"}`
  return JSON.stringify({ ToUserName: account.profile.originalId, Encrypt: encrypted })
}

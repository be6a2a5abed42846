import { createHash } from 'node:crypto'
import type { Input } from '../call.ts'
import type { OfficialPlatform } from '../platform.ts'

/** A ticket for the signatures of pages. `expiresAt` in ms. */
export type Ticket = { ticket: string; expiresAt: number }

/** What wx.config is answered: `config:ok`, or why the signature is not taken (docs/upstream/official-web.md#js-sdk). */
export function checkPage(platform: OfficialPlatform, input: Input): { errMsg: string; originalId?: string } {
  const [appId, timestamp, nonce, signature, url] = [
    'appId',
    'timestamp',
    'nonceStr',
    'signature',
    'url',
  ].map(name => String(input[name] ?? ''))
  const account = platform.byAppId(appId ?? '')
  if (!account) return { errMsg: 'config:invalid appid' }
  const known = account.collection<Ticket>('tickets').get('jsapi')
  const signed = `jsapi_ticket=${known?.ticket}&noncestr=${nonce}&timestamp=${timestamp}&url=${url}`
  const isRight = signature === createHash('sha1').update(signed).digest('hex')
  if (!known || known.expiresAt <= platform.now() || !isRight) return { errMsg: 'config:invalid signature' }
  return { errMsg: 'config:ok', originalId: account.profile.originalId }
}

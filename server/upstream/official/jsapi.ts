import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import type { StoredToken } from '../token-source.ts'
import type { OfficialClient } from './call.ts'
import { checked } from './checked.ts'

const ticketAnswer = Type.Object({ ticket: Type.String({ minLength: 1 }), expires_in: Type.Integer() })

/** Asks for the ticket that signs pages, which WeChat wants to be kept for its two hours (upstream-2.md §14.5). */
export async function fetchJsapiTicket(client: OfficialClient, now: () => number): Promise<StoredToken> {
  const path = '/cgi-bin/ticket/getticket'
  const askedAt = now()
  const answer = checked(ticketAnswer, path, await client.get(path, { type: 'jsapi' }))
  return { token: answer.ticket, expiresAt: askedAt + answer.expires_in * 1000 }
}

/** The signature that `wx.config` wants of the page at `url`; what follows `#` does not count. */
export function jsapiSignature(of: {
  ticket: string
  nonce: string
  timestamp: number
  url: string
}): string {
  const [url = ''] = of.url.split('#', 1)
  const signed = `jsapi_ticket=${of.ticket}&noncestr=${of.nonce}&timestamp=${of.timestamp}&url=${url}`
  return createHash('sha1').update(signed).digest('hex')
}

import { createHash } from 'node:crypto'
import Type from 'typebox'
import type { StoredToken } from '../../token-source.ts'
import type { OfficialClient } from '../call.ts'
import { checked } from '../checked.ts'

const shape = Type.Object({ ticket: Type.String({ minLength: 1 }), expires_in: Type.Integer({ minimum: 1 }) })

/** The ticket by which pages are signed for the JS-SDK (upstream-2.md §14.5). */
export async function fetchJsTicket(client: OfficialClient, now: () => number): Promise<StoredToken> {
  const path = '/cgi-bin/ticket/getticket'
  const askedAt = now()
  const answer = checked(shape, path, await client.get(path, { type: 'jsapi' }))
  return { token: answer.ticket, expiresAt: askedAt + answer.expires_in * 1000 }
}

/** The signature of a page's address, which is taken without its fragment. `timestamp` is in seconds. */
export function signPage(ticket: string, nonceStr: string, timestamp: number, url: string): string {
  const page = url.split('#', 1)[0]
  return createHash('sha1')
    .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${page}`)
    .digest('hex')
}

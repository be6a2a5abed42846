import Type from 'typebox'
import type { StoredToken } from '../../transport/token-source.ts'
import type { OfficialClient } from '../call.ts'
import { checked } from '../checked.ts'

const shape = Type.Object({ ticket: Type.String({ minLength: 1 }), expires_in: Type.Integer({ minimum: 1 }) })

/** The ticket by which pages are signed for the JS-SDK (docs/upstream/official-web.md#js-sdk). */
export async function fetchJsTicket(client: OfficialClient, now: () => number): Promise<StoredToken> {
  const path = '/cgi-bin/ticket/getticket'
  const askedAt = now()
  const answer = checked(shape, path, await client.get(path, { type: 'jsapi' }))
  return { token: answer.ticket, expiresAt: askedAt + answer.expires_in * 1000 }
}

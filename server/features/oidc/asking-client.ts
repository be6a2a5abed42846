import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { formOf } from '../../platform/http/bodies/form.ts'
import { clientSecretPurpose } from '../app-sign-in/sealed.ts'
import type { Needs } from './needs.ts'

/** What a program says of itself, by Basic or in its form. */
export type Credentials = { clientId: string; secret: string }

/** Undefined for a request that names no client, or none that can be read; the library says what is wrong with it. */
export function credentialsOf({ headers, body }: FastifyRequest): Credentials | undefined {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ')
  if (/^basic$/i.test(scheme)) return basicOf(value)
  if (!Buffer.isBuffer(body) || !/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? ''))
    return undefined
  const { client_id: clientId = '', client_secret: secret = '' } = formOf(body)
  return clientId === '' ? undefined : { clientId, secret }
}

/** Both parts are encoded as in a form (RFC 6749, section 2.3.1). */
function basicOf(value: string): Credentials | undefined {
  const text = Buffer.from(value, 'base64').toString()
  const at = text.indexOf(':')
  if (at < 0) return undefined
  const read = (part: string) => decodeURIComponent(part.replaceAll('+', '%20'))
  try {
    return { clientId: read(text.slice(0, at)), secret: read(text.slice(at + 1)) }
  } catch {
    return undefined
  }
}

/** Whether these are a client's own, which nobody else has. A public client has nothing to prove itself by. */
export function isProved(ctx: Needs, corpId: string, { clientId, secret }: Credentials): boolean {
  const signIn = ctx.appSignIns.ofClient(corpId, clientId)
  if (!signIn?.clientSecret) return false
  const [own, given] = [ctx.seal.open(signIn.clientSecret, clientSecretPurpose), secret].map(one =>
    Buffer.from(one),
  ) as [Buffer, Buffer]
  return own.length === given.length && timingSafeEqual(own, given)
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../../platform/core.ts'

export function isSecure(ctx: Core, request: FastifyRequest): boolean {
  return request.protocol === 'https' || ctx.publicUrl().startsWith('https:')
}

/**
 * For a session; for a sign-in that has begun, by a link in a mail too; for why one was refused; for who signed in in this browser before; and for the payer's page: whose
 * bills it shows, what it asked WeChat, and what WeChat answered.
 */
type CookieName = 'session' | 'state' | 'refused' | 'known' | 'mail' | 'payer' | 'asked' | 'openid'

/**
 * Under https the name has the prefix `__Host-`, with which no other host and no plain http page can set the cookie.
 */
export function cookieName(ctx: Core, request: FastifyRequest, name: CookieName): string {
  return `${isSecure(ctx, request) ? '__Host-' : ''}wisp_${name}`
}

/** SameSite is Lax: links and WeCom's redirect send the cookie, forms on other sites do not. */
export function setCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  maxAgeSeconds: number,
  secure: boolean,
): void {
  const line = `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure ? '; Secure' : ''}`
  const before = reply.getHeader('set-cookie')
  reply.header('set-cookie', before === undefined ? line : [before, line].flat().map(String))
}

export function readCookie(request: FastifyRequest, name: string): string | undefined {
  const header = request.headers.cookie
  if (!header) return undefined
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

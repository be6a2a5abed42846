import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'

/** Where a passkey is made and used. Its host is the RP ID: on another host it is no good, so that each has passkeys of its own. */
export type RelyingParty = { rpId: string; origin: string }

/**
 * Only addresses that somebody set up for wisp are places, whatever a request says of its host. An IP address cannot be one
 * (docs/upstream/passkeys.md#where-a-passkey-is-good). Undefined for all others.
 */
export function placeOf(ctx: Core & { corps: Corps }, request: FastifyRequest): RelyingParty | undefined {
  const known = [ctx.publicUrl(), ...ctx.corps.all().map(corp => corp.publicUrl)]
  const urls = known.flatMap(url => URL.parse(url) ?? [])
  const url = urls.find(one => one.host === request.host)
  if (!url || isIP(url.hostname.replace(/^\[|\]$/g, ''))) return undefined
  return { rpId: url.hostname, origin: url.origin }
}

/**
 * Whether browsers offer passkeys at any address that members of the corp use: it needs https (or this machine's own name) and a
 * name, where an IP address does not do.
 */
export function hasPlace(ctx: Core & { corps: Corps }, corpId: string): boolean {
  return [ctx.publicUrl(), ctx.corps.find(corpId)?.publicUrl ?? ''].some(address => {
    const url = URL.parse(address)
    if (!url || isIP(url.hostname.replace(/^\[|\]$/g, ''))) return false
    return url.protocol === 'https:' || url.hostname === 'localhost'
  })
}

/** Throws 1000. */
export function requirePlace(ctx: Core & { corps: Corps }, request: FastifyRequest): RelyingParty {
  const place = placeOf(ctx, request)
  if (!place)
    throw new ApiError('badParameter', {
      zh: '通行密钥只能在平台的域名下使用，不能用于 IP 地址',
      en: 'passkeys work only under a domain name of wisp, not under an IP address',
    })
  return place
}

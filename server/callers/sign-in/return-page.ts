import type { FastifyRequest } from 'fastify'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'

const pages = /^\/(portal|mobile|console|pay|developer)(\/|\?|#|$)/

type Needs = { offered: Pick<FeatureOffers, 'returnTo'> }

/** Where to go after signing in, as the address asks for it; always one of our own pages, whatever was requested. */
export function wantedPage(ctx: Needs, request: FastifyRequest): string {
  const { to } = request.query as Record<string, unknown>
  return (typeof to === 'string' ? ownPage(ctx, to) : undefined) ?? homeOf(request)
}

export function homeOf(request: FastifyRequest): string {
  const isPhone = /Mobile|Android|iPhone/i.test(request.headers['user-agent'] ?? '')
  return isPhone ? '/mobile' : '/portal'
}

const base = 'http://own.invalid'

/** In ASCII alone, as the header of a redirect must be; undefined for what is none of our pages. */
export function ownPage({ offered }: Needs, to: string): string | undefined {
  if (to.length > 4000 || !to.startsWith('/')) return undefined
  const url = URL.parse(to, base)
  if (url?.origin !== base) return undefined
  // What a browser would take for the path, and not what was written: `..`, backslashes and the like are gone here.
  const isOurs = pages.test(to) ? pages.test(url.pathname) : offered.returnTo(url.pathname)
  return isOurs ? url.pathname + url.search + url.hash : undefined
}

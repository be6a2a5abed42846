import { LRUCache } from 'lru-cache'
import type { Core } from '../../platform/core.ts'
import type { Outbound, PageHeaders } from '../../platform/security/outbound.ts'
import { OutboundGarbled, OutboundRefused } from '../../platform/security/outbound-policy.ts'

type Needs = Core & { outbound: Outbound }

/**
 * Whether an app's page can be shown. A browser does not tell a page why a frame of another site stays blank, so the
 * server checks: `down`: nothing answered; `broken`: it answers 5xx; `slow`: no answer in time; `unframed`: it
 * forbids being shown in a frame; `unknown`: the server may not or cannot check, as in our own network, of which nobody
 * learns anything by entering addresses.
 */
export type ReachResult = 'ok' | 'down' | 'broken' | 'slow' | 'unframed' | 'unknown'

const lookMs = 8000
const rememberMs = 60_000
/** Short, so that somebody who presses retry sees when the app works again. */
const rememberBadMs = 5000
/** Many people open the same app at nine in the morning, so they share one check. */
const looks = new LRUCache<string, Promise<ReachResult>>({ max: 500, ttl: rememberMs })

/** A page of an app, and the portal that would show it. */
type ReachCheck = { corpId: string; url: string; portalOrigin: string }

/** `goOut` is called before a check that is not shared; what it throws is thrown to all who wait for that check. */
export function reachOfApp(ctx: Needs, look: ReachCheck, goOut: () => Promise<void>): Promise<ReachResult> {
  const key = `${look.corpId} ${look.portalOrigin} ${look.url}`
  const known = looks.get(key)
  if (known) return known
  const found = goOut().then(() => lookAt(ctx, look))
  looks.set(key, found)
  // Its own rejection is the caller's.
  void found.then(
    reach => {
      if (reach !== 'ok' && reach !== 'unknown') looks.set(key, found, { ttl: rememberBadMs })
    },
    () => looks.delete(key),
  )
  return found
}

async function lookAt(ctx: Needs, { corpId, url, portalOrigin }: ReachCheck): Promise<ReachResult> {
  const asker = { slot: 'developers', of: `apps ${corpId}` } as const
  try {
    const { status, headers, url: last } = await ctx.outbound.look(url, { asker, timeoutMs: lookMs })
    if (status >= 500) return 'broken'
    return mayBeFramed(headers, last.origin, portalOrigin) ? 'ok' : 'unframed'
  } catch (error) {
    if (error instanceof OutboundRefused && !(error instanceof OutboundGarbled)) return 'unknown'
    return (error as Error).name === 'TimeoutError' ? 'slow' : 'down'
  }
}

/**
 * Like browsers, follows frame-ancestors of the Content-Security-Policy if there is one, otherwise X-Frame-Options.
 */
export function mayBeFramed(headers: PageHeaders, pageOrigin: string, portalOrigin: string): boolean {
  const policies = [headers['content-security-policy'] ?? []].flat().flatMap(one => one.split(','))
  const lists = policies.flatMap(policy => {
    const directive = policy.split(';').map(one => one.trim().split(/\s+/))
    return directive.filter(([name]) => name?.toLowerCase() === 'frame-ancestors').slice(0, 1)
  })
  if (lists.length > 0) {
    return lists.every(([, ...sources]) => sources.some(one => fits(one, pageOrigin, portalOrigin)))
  }
  const option = [headers['x-frame-options'] ?? []].flat().join(',').trim().toLowerCase()
  if (option === 'deny') return false
  return option !== 'sameorigin' || pageOrigin === portalOrigin
}

function fits(source: string, pageOrigin: string, portalOrigin: string): boolean {
  if (source === '*') return true
  if (source === `'self'`) return pageOrigin === portalOrigin
  const portal = URL.parse(portalOrigin)
  if (!portal) return false
  const scheme = /^([a-z][a-z0-9+.-]*):$/i.exec(source)?.[1]
  if (scheme) return `${scheme.toLowerCase()}:` === portal.protocol
  const [, wanted, host = '', port] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^:/]+)(?::(\d+|\*))?\/?$/i.exec(source) ?? []
  if (wanted && `${wanted.toLowerCase()}:` !== portal.protocol) return false
  const standard = portal.protocol === 'https:' ? '443' : '80'
  if (port !== '*' && (port ?? standard) !== (portal.port || standard)) return false
  const name = host.toLowerCase()
  return name.startsWith('*.') ? portal.hostname.endsWith(name.slice(1)) : portal.hostname === name
}

import type { Client, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Needs } from '../needs.ts'
import { clientMay } from './client-may.ts'

export const offlineParameter = 'wisp_offline'

const day = 86_400
/** Without use, and in all. */
const idleSeconds = 30 * day
const wholeSeconds = 180 * day

/** The library drops offline_access unless the person is asked to consent, which our own applications do not ask for. */
export function isOffline({ oidc, query }: KoaContextWithOIDC): string | undefined {
  const asked = String(oidc.body?.['scope'] ?? query['scope'] ?? oidc.params?.['scope'] ?? '')
  const isKept = oidc.entities.PushedAuthorizationRequest && oidc.params?.[offlineParameter] === '1'
  return asked.split(' ').includes('offline_access') || isKept ? '1' : undefined
}

type Rules = Pick<Configuration, 'expiresWithSession' | 'issueRefreshToken' | 'rotateRefreshToken'>

/**
 * Refresh tokens go to apps that may have them. One that was asked for by offline_access outlives the session; it is asked at each use
 * whether the person may still enter.
 */
export function refreshRules(
  ctx: Needs,
  corpId: string,
): { rules: Rules; ttl: (koa: unknown, token: { iiat?: number | undefined }) => number } {
  const mayRefresh = (client: Client) => clientMay(ctx, corpId, client, 'refresh')
  const rules: Rules = {
    issueRefreshToken: async (_koa, client) => mayRefresh(client),
    expiresWithSession: async ({ oidc }) =>
      !(oidc.client && mayRefresh(oidc.client) && oidc.params?.[offlineParameter] === '1'),
    async rotateRefreshToken({ oidc }) {
      const { RefreshToken: token, Client: client } = oidc.entities
      if (client?.tokenEndpointAuthMethod === 'none') return true
      // One that stays the same lasts on from each use.
      if (token) {
        token.exp = Math.min(now() + idleSeconds, (token.iiat ?? now()) + wholeSeconds)
        await token.save()
      }
      return false
    },
  }
  const ttl = (_koa: unknown, { iiat = now() }: { iiat?: number | undefined }) =>
    Math.max(1, Math.min(idleSeconds, iiat + wholeSeconds - now()))
  return { rules, ttl }
}

const now = () => Math.floor(Date.now() / 1000)

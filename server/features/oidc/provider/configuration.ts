import { hash } from 'node:crypto'
import type { Client, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { isApproved } from '../../app-sign-in/app-sign-in.ts'
import type { PrivateKey } from '../keys/keys.ts'
import type { Needs } from '../needs.ts'
import { createAdapter } from '../storage/adapter.ts'
import { accountFinder } from './account.ts'
import { acrValues } from './acr.ts'
import { askingOf } from './asking.ts'
import { claimsOfScopes, reservedClaims } from './claim-names.ts'
import { clientMetadataOf } from './client-metadata.ts'
import { grantLoader } from './grants.ts'
import type { Library } from './library.ts'
import { type PagesOfLibrary, pagesOfLibrary } from './pages.ts'
import { createPolicy } from './policy.ts'
import { isOffline, offlineParameter, refreshRules } from './refresh.ts'

const hour = 3600
const day = 24 * hour

/** Our own parameters, which clients cannot set. */
export const beganParameter = 'wisp_began'

/** How the library serves a corp (docs/upstream/openid-connect.md). */
export function configurationOf(
  ctx: Needs,
  corpId: string,
  issuer: string,
  keys: readonly PrivateKey[],
  library: Library,
): Configuration {
  const path = new URL(issuer).pathname
  const mark = hash('sha256', corpId, 'hex').slice(0, 8)
  const refresh = refreshRules(ctx, corpId)
  const pages = pagesOfLibrary(ctx, corpId)
  const adapters = createAdapter(ctx, corpId, library)
  return {
    adapter: kind => {
      const adapter = adapters(kind)
      return kind === 'Client' ? { ...adapter, find: async id => clientOf(ctx, corpId, id) } : adapter
    },
    jwks: { keys: keys.map(key => ({ ...key })) },
    claims: { ...claimsOf(ctx, corpId) },
    acrValues: [...acrValues],
    // Many applications read nothing but the id_token.
    conformIdTokenClaims: false,
    findAccount: accountFinder(ctx, corpId, library),
    loadExistingGrant: grantLoader(ctx),
    interactions: {
      policy: createPolicy(ctx, corpId, library),
      url: (_koa, { uid }) => `${path}/interaction/${uid}`,
    },
    extraParams: {
      [beganParameter]: ({ oidc }) =>
        void Object.assign(oidc.params ?? {}, { [beganParameter]: String(ctx.now()) }),
      [offlineParameter]: koa =>
        void Object.assign(koa.oidc.params ?? {}, { [offlineParameter]: isOffline(koa) }),
    },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS,
    pkce: { required: (_koa, client) => client.tokenEndpointAuthMethod === 'none' },
    ...refresh.rules,
    cookies: {
      names: {
        session: `wisp_oidc_${mark}`,
        interaction: `wisp_oidc_${mark}_step`,
        resume: `wisp_oidc_${mark}_resume`,
      },
      long: { path, httpOnly: true, sameSite: 'lax', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
      keys: [ctx.seal.sign('oidc.cookies', corpId)],
    },
    ttl: {
      AccessToken: hour,
      AuthorizationCode: 60,
      IdToken: hour,
      DeviceCode: 600,
      Interaction: hour,
      // What is between two pages of one sign-in or sign-out; how long somebody stays signed in is wisp's.
      Session: hour,
      // As long as the last session in which a refresh token was given, and that token.
      Grant: koa => (koa.oidc.client?.grantTypes?.includes('refresh_token') ? 212 * day : 31 * day),
      RefreshToken: refresh.ttl,
    },
    features: featuresOf(ctx, corpId, pages, library),
    renderError: pages.error,
    // Nothing of what is switched on makes calls; wisp's queue tells applications of logouts.
    fetch: async () => {
      throw new Error('no outgoing calls')
    },
  }
}

function featuresOf(
  ctx: Needs,
  corpId: string,
  pages: PagesOfLibrary,
  library: Library,
): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    resourceIndicators: { enabled: false },
    backchannelLogout: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    revocation: {
      enabled: true,
      allowedPolicy: async (_koa, client, token) => token.clientId === client.clientId,
    },
    introspection: {
      enabled: true,
      allowedPolicy: async (koa, client, token) =>
        token.clientId === client.clientId && (await stillMay(ctx, corpId, koa, token, library)),
    },
    deviceFlow: { enabled: true, charset: 'base-20', mask: '****-****', deviceInfo, ...pages.device },
    rpInitiatedLogout: { enabled: true, ...pages.logout },
  }
}

/** Read from memory at each request, so that what an administrator changes counts at once. */
function clientOf(ctx: Needs, corpId: string, clientId: string) {
  const signIn = ctx.appSignIns.ofClient(corpId, clientId)
  const app = signIn && ctx.apps.find(signIn.appId)
  return app && clientMetadataOf(ctx, signIn, app.name)
}

function claimsOf(ctx: Needs, corpId: string): Record<string, string[]> {
  const mapped = ctx.appSignIns
    .ofCorp(corpId)
    .flatMap(one => one.attributes.filter(isApproved).map(({ name }) => name))
    .filter(name => !reservedClaims.has(name))
  const scopes = Object.entries(claimsOfScopes).map(([scope, names]) => [scope, [...names]] as const)
  return {
    openid: ['sub', 'acr', 'amr', 'auth_time', 'sid', ...new Set(mapped)],
    ...Object.fromEntries(scopes),
  }
}

async function stillMay(
  ctx: Needs,
  corpId: string,
  koa: KoaContextWithOIDC,
  token: { accountId?: string | undefined; clientId?: string | undefined },
  library: Library,
): Promise<boolean> {
  if (!token.accountId) return false
  return (await accountFinder(ctx, corpId, library)(koa, token.accountId, token as never)) !== undefined
}

/** Pages of the client's own origins, for those that have no server. */
function clientBasedCORS(_koa: unknown, origin: string, client: Client): boolean {
  if (origin === 'null' || client.tokenEndpointAuthMethod !== 'none') return false
  return client.redirectUris?.some(uri => URL.parse(uri)?.origin === origin) ?? false
}

function deviceInfo(koa: KoaContextWithOIDC) {
  const { ip, headers } = askingOf(koa).request
  return { ip, ua: (headers['user-agent'] ?? '').slice(0, 300) }
}

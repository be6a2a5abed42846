import { LRUCache } from 'lru-cache'
import type { Provider } from 'oidc-provider'
import { describeError } from '../../../platform/operation/log.ts'
import { renderSignInPage } from '../../app-sign-in/pages/page.ts'
import { signingKeys } from '../keys/keys.ts'
import type { Needs } from '../needs.ts'
import { toldAway } from '../storage/told-away.ts'
import { askingOf } from './asking.ts'
import { createSecretLimit, type SecretLimit, watchClients } from './client-secrets.ts'
import { configurationOf } from './configuration.ts'
import { type Library, loadLibrary } from './library.ts'
import { followWispSessions } from './op-session.ts'
import { noteOutcome } from './outcome.ts'

export type CorpProvider = {
  provider: Provider
  library: Library
  callback: ReturnType<Provider['callback']>
}

/** The library's servers, one for each corp. */
export type Providers = {
  secrets: SecretLimit
  of(corpId: string): Promise<CorpProvider>
  /** Forgets that of a corp, or all of them: the next request builds one anew. */
  reload(corpId?: string): Promise<void>
}

/** One takes 40 kB, some 70 once it signed somebody in, and less than a millisecond to build. */
const keptAtMost = 300

export function createProviders(ctx: Needs): Providers {
  const kept = new LRUCache<string, Promise<CorpProvider>>({ max: keptAtMost })
  const secrets = createSecretLimit(ctx)
  return {
    secrets,
    of(corpId) {
      const known = kept.get(corpId)
      if (known) return known
      const building = build(ctx, corpId, secrets)
      kept.set(corpId, building)
      building.catch(() => {
        if (kept.peek(corpId) === building) kept.delete(corpId)
      })
      return building
    },
    async reload(corpId) {
      if (corpId === undefined) kept.clear()
      else kept.delete(corpId)
    },
  }
}

async function build(ctx: Needs, corpId: string, secrets: SecretLimit): Promise<CorpProvider> {
  const { issuer } = ctx.appSignIns.addressesOf(corpId)
  const [library, keys] = await Promise.all([loadLibrary(), signingKeys(ctx, corpId)])
  const provider = new library.Provider(issuer, configurationOf(ctx, corpId, issuer, keys, library))
  // Host and scheme are those of the issuer: mount.ts puts them into the headers.
  provider.proxy = true
  followWispSessions(ctx, corpId, provider, library)
  watchClients(corpId, provider, library, secrets)
  const noteFailure = (error: unknown) =>
    ctx.log.error({ corpId, ...describeError(error) }, 'OpenID Connect failed')
  provider.on('server_error', (_koa, error) => noteFailure(error))
  Reflect.apply(provider.on, provider, ['error', noteFailure])
  provider.use(async (koa, next) => {
    const asking = askingOf(koa)
    koa.set({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-request-id': asking.request.id,
    })
    koa.set(
      'content-security-policy',
      "default-src 'none'; script-src 'report-sample'; base-uri 'none'; frame-ancestors 'none'",
    )
    await next()
    await toldAway(library.errors, noteOutcome(ctx, corpId, koa))
    if (koa.status === 503) koa.set('retry-after', '5')
    if (asking.page === undefined) return
    const { headers, html } = renderSignInPage(ctx, asking.request, asking.page)
    const { status } = koa
    koa.set({ ...headers })
    koa.body = html
    koa.status = status
  })
  return { provider, library, callback: provider.callback() }
}

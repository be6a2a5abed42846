import { type Corp, type Corps, publicUrlOf } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'

type Needs = Core & { corps: Corps }

/** An app, and one of its pages; without a path its home page. */
export type AppPage = { appId: string; path?: string | undefined }

/**
 * wisp's own address of an app, for people who are somewhere else, such as in the menu of an agent. It signs them in and opens the
 * app with a jessionId, so that the address itself has none. Where corps share a host it says which one is meant.
 */
export function appLink(ctx: Needs, corp: Corp, { appId, path }: AppPage): string {
  const base = publicUrlOf(ctx, corp)
  const page = `/mobile/app/${appId}${path ? `?${new URLSearchParams({ path })}` : ''}`
  if (!sharesHost(ctx, corp)) return base + page
  return `${base}/signin/wecom?${new URLSearchParams({ corpId: corp.corpId, to: page })}`
}

function sharesHost(ctx: Needs, corp: Corp): boolean {
  const base = publicUrlOf(ctx, corp)
  return ctx.corps.all().some(one => one.corpId !== corp.corpId && publicUrlOf(ctx, one) === base)
}

const pagePath = /^\/mobile\/app\/([\w-]{1,64})$/

/** What a link of either form leads to; undefined for any other address. */
export function pageOfLink(ctx: Needs, corp: Corp, link: string): AppPage | undefined {
  const base = publicUrlOf(ctx, corp)
  const url = URL.parse(link)
  if (!url || url.origin !== new URL(base).origin) return undefined
  const to = url.pathname === '/signin/wecom' ? URL.parse(url.searchParams.get('to') ?? '', base) : url
  const appId = pagePath.exec(to?.pathname ?? '')?.[1]
  if (!to || appId === undefined) return undefined
  const path = to.searchParams.get('path')
  return { appId, ...(path ? { path } : {}) }
}

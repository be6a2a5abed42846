import { type Corps, zoneOf } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { SearchKind } from '../../platform/manifest/search.ts'
import { momentIn } from '../../platform/moments.ts'
import { keptSince, type Requests } from './requests.ts'
import { findCalls } from './store.ts'

/** A call by its request id. */
export const requestsSearched: SearchKind<Core & { corps: Corps; requests: Requests }> = {
  title: { zh: '接口日志', en: 'Request log' },
  path: '/console/apps/requests',
  point: 'developer:log',
  async find(ctx, { corpId, words, language }) {
    const timeZone = zoneOf(ctx, corpId)
    await ctx.requests.flush()
    const filter = { corpId, requestId: words, from: keptSince(ctx, corpId) }
    const { list } = await findCalls(ctx.db, filter, { limit: 1, offset: 0 })
    return list.map(call => ({
      id: call.requestId,
      title: `${call.method} ${call.path}`,
      detail: `retCode ${call.code} · ${momentIn(language, call.at, { timeZone, now: ctx.now(), to: 'second' })}`,
    }))
  },
}

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import * as store from './store.ts'

/**
 * The WeCom agent that a call means by an agentId or app id. Without an id it is `fallback`, or else the only agent
 * used for messages. Throws 1002.
 */
export async function agentOf(
  ctx: Core & { corps: Corps },
  developer: Caller,
  id: string | undefined,
  fallback: number | null,
): Promise<number | null> {
  const { agents } = ctx.corps.get(developer.corpId)
  if (!id) {
    const usable = agents.filter(agent => agent.uses.includes('messages'))
    return fallback ?? (usable.length === 1 ? (usable[0]?.agentId ?? null) : null)
  }
  const agent = agents.find(one => String(one.agentId) === id)
  if (agent) return agent.agentId
  const app = await store.findApp(ctx.db, developer.corpId, id)
  if (app?.agentId === undefined || app.agentId === null) throw noReceiver(id)
  return app.agentId
}

/** 接收方应用 id of section 5.1, whose code for it is that of any unknown application. */
function noReceiver(id: string): ApiError {
  return new ApiError('unknownDeveloper', {
    zh: told`agentId ${id}：没有这个应用，或它没有关联企业微信应用`,
    en: told`agentId ${id}: there is no such app, or it is linked to no application of WeCom`,
  })
}

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
  const usable = agents.filter(agent => agent.uses.includes('messages'))
  const usual = fallback ?? (usable.length === 1 ? (usable[0]?.agentId ?? null) : null)
  if (!id) return usual
  const agentId =
    agents.find(one => String(one.agentId) === id)?.agentId ??
    (await store.findApp(ctx.db, developer.corpId, id))?.agentId ??
    null
  if (agentId === null) throw noReceiver(id)
  if (developer.ownAgents && agentId !== usual) await checkOwn(ctx, developer, id, agentId)
  return agentId
}

/** Throws 1002 for an agent that no app of the developer is linked to. */
async function checkOwn(ctx: Core, developer: Caller, id: string, agentId: number): Promise<void> {
  if (await store.findAppByAgent(ctx.db, developer.corpId, developer.devId, agentId)) return
  throw new ApiError('unknownDeveloper', {
    zh: told`agentId ${id}：开发者 ${developer.name} 只能用自己的应用所关联的自建应用发消息；请在应用中心把应用归给该开发者，或请管理员在开发者的设置中放开`,
    en: told`agentId ${id}: the developer ${developer.name} may send by the WeCom apps of its own apps only; assign the app to this developer in the app centre, or have an administrator lift this in the settings of the developer`,
  })
}

/** 接收方应用 id of section 5.1, whose code for it is that of any unknown application. */
function noReceiver(id: string): ApiError {
  return new ApiError('unknownDeveloper', {
    zh: told`agentId ${id}：没有这个应用，或它没有关联自建应用；请在应用中心查看`,
    en: told`agentId ${id}: there is no such app, or it is not linked to a WeCom app: see the app centre`,
  })
}

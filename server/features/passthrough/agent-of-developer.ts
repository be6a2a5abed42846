import type { Agent, Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Db } from '../../platform/storage/db.ts'
import { findApp, findAppByAgent } from '../apps/store.ts'

/**
 * The agent in whose name the developer calls WeCom: that of an enabled app of its own, by the agent's id or the app's. Throws 1002. The
 * secret of the address book is no agent's, and cannot be meant here.
 */
export async function agentOfDeveloper(
  ctx: Core & { corps: Corps },
  { corpId, devId }: Caller,
  id: string,
): Promise<Agent> {
  const agentId = await agentIdOf(ctx.db, { corpId, devId }, id)
  const agent = ctx.corps.get(corpId).agents.find(one => one.agentId === agentId)
  if (agent) return agent
  throw new ApiError('unknownDeveloper', {
    zh: told`agentId ${id}：不是此开发者启用的应用所关联的企业微信应用`,
    en: told`agentId ${id} is no WeCom application of an enabled app of this developer`,
  })
}

async function agentIdOf(
  db: Db,
  { corpId, devId }: { corpId: string; devId: string },
  id: string,
): Promise<number | undefined> {
  if (/^\d{1,10}$/.test(id)) {
    const app = await findAppByAgent(db, corpId, devId, Number(id))
    if (app?.enabled) return Number(id)
  }
  const app = await findApp(db, corpId, id)
  return app?.enabled && app.devId === devId ? (app.agentId ?? undefined) : undefined
}

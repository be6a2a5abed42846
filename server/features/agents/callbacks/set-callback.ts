import { type Corps, publicUrlOf, unknownAgent } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { signal } from '../../../platform/storage/bus.ts'
import { randomText } from '../../../upstream/transport/push/callback-keys.ts'
import type { AgentCallback, Agents } from './callbacks.ts'
import { callbackPurpose } from './sealed.ts'
import * as store from './store.ts'

type Needs = Core & { agents: Agents; corps: Corps }

const addressKeyLength = 32
export const tokenLength = 24
export const aesKeyLength = 43

/** The path before the key. */
export const callbackPath = '/api/callback/agent/'

/** The values to paste into WeCom at 应用管理 → 应用 → 接收消息 → 设置API接收. */
export function callbackSettings(
  ctx: Core & { corps: Corps },
  { corpId, addressKey, keys, nextKeys }: AgentCallback,
): { url: string; token: string; encodingAesKey: string } {
  return {
    url: `${publicUrlOf(ctx, ctx.corps.find(corpId))}${callbackPath}${addressKey}`,
    ...(nextKeys ?? keys),
  }
}

/**
 * Makes the agent's callback, if it has none yet, for somebody to paste into WeCom. Throws 1000 for an agent that the corp does not
 * have.
 */
export async function setUpCallback(
  ctx: Needs,
  actor: string,
  corpId: string,
  agentId: number,
): Promise<AgentCallback> {
  const known = ctx.agents.callbackOf(corpId, agentId)
  if (known) return known
  if (!ctx.corps.get(corpId).agents.some(one => one.agentId === agentId)) throw unknownAgent(agentId)
  const seal = (plain: string) => ctx.seal.seal(plain, callbackPurpose)
  await ctx.db.transaction().execute(async tx => {
    const isNew = await store.insertCallback(tx, {
      corp_id: corpId,
      agent_id: agentId,
      address_key: seal(randomText(addressKeyLength)),
      token: seal(randomText(tokenLength)),
      aes_key: seal(randomText(aesKeyLength)),
      created_at: new Date(ctx.now()),
    })
    // Another node may have been faster.
    if (!isNew) return
    const entry = { corpId, actor, act: 'agent.callback.add' as const, target: String(agentId) }
    await record(tx, ctx, { ...entry, detail: {} })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
  return callbackNow(ctx, corpId, agentId)
}

export function callbackNow({ agents }: { agents: Agents }, corpId: string, agentId: number): AgentCallback {
  const callback = agents.callbackOf(corpId, agentId)
  if (!callback) throw noCallback(agentId)
  return callback
}

export function noCallback(agentId: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`自建应用 ${agentId} 还没有开启接收消息，请先设置`,
    en: told`the WeCom app ${agentId} has no callback yet: set it up first`,
  })
}

import type { Core } from '../../../platform/core.ts'
import { PushRefused } from '../../../platform/http/upstream-push.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { AgentCallback } from './callbacks.ts'
import { updateCallback } from './store.ts'

/** Who knows the address can send as much rubbish as they like, so that not each of it is written down. */
const notedEveryMs = 10_000

/**
 * Whatever is refused at an agent's address is noted and counted for it, since the settings at WeCom may differ from those here.
 */
export function refusing<T>(ctx: Core, callback: AgentCallback, from: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof PushRefused)) throw error
    noteRefused(ctx, callback, error.message, from)
    throw new PushRefused(error.status, error.message, callback.corpId, String(callback.agentId))
  }
}

/** By the callback as this node has read it; noting a refusal has it read again. */
const noted = new WeakSet<AgentCallback>()

function noteRefused(ctx: Core, callback: AgentCallback, why: string, from: string): void {
  const { corpId, agentId, refused } = callback
  const now = ctx.now()
  if (noted.has(callback) || (refused && now - refused.at.getTime() < notedEveryMs)) return
  noted.add(callback)
  const write = async () => {
    await ctx.db.transaction().execute(async tx => {
      const change = { refused_at: new Date(now), refused_why: why, refused_from: from }
      await updateCallback(tx, corpId, agentId, change)
      await signal(tx, 'wisp_config', corpId)
    })
    await ctx.reloadConfig(corpId)
  }
  write().catch(error => ctx.log.error({ corpId, ...describeError(error) }, 'refusal not noted'))
}

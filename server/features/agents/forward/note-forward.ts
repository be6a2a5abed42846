import type { Core } from '../../../platform/core.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { AgentCallback } from '../callbacks/callbacks.ts'
import { updateCallback } from '../callbacks/store.ts'
import type { ForwardReply } from './forward-push.ts'

/** After so long of nothing but failures administrators are told. */
export const forwardFailsAfterMs = 5 * 60_000

/** Notes when the system that pushes are passed on to begins to fail, and when it works again: not each time. */
export async function noteForward(
  ctx: Core,
  { corpId, agentId, forwardTo }: AgentCallback,
  { problem }: ForwardReply,
): Promise<void> {
  if ((problem === undefined) === (forwardTo?.failing === undefined)) return
  await ctx.db.transaction().execute(async tx => {
    await checkAlerts(ctx, tx, corpId, problem ? forwardFailsAfterMs : undefined)
    await updateCallback(tx, corpId, agentId, {
      forward_failing_since: problem ? new Date(ctx.now()) : null,
      forward_problem: problem ? JSON.stringify(problem) : null,
    })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

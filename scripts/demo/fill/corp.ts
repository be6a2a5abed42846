import type { Context } from '../../../server/context.ts'
import { addCorp, agentUses, putAgent, setCorp } from '../../../server/organisation/corps/corps.ts'
import { switchAllOn, switchFeatures } from '../../../server/organisation/corps/features/switch.ts'
import { requestSync } from '../../../server/organisation/sync/request.ts'
import { runIn } from '../../../server/organisation/sync/runs/run-store.ts'
import { syncStatus } from '../../../server/organisation/sync/status.ts'
import type { SandboxInfo } from '../sandbox-control.ts'

/**
 * Connects a corp of the sandbox with its first agent, unless an earlier start that was killed has done it. Without `features` all that
 * can be switched off are on.
 */
export async function connectCorp(
  ctx: Context,
  actor: string,
  { corpId, contactSecret, agents }: SandboxInfo,
  { name, features }: { name: string; features?: readonly string[] },
): Promise<{ agentId: number }> {
  if (ctx.corps.find(corpId)) await setCorp(ctx, actor, corpId, { contactSecret })
  else {
    await addCorp(ctx, actor, { corpId, name, contactSecret })
    if (!features) await switchAllOn(ctx, actor, corpId)
    else await switchFeatures(ctx, actor, corpId, Object.fromEntries(features.map(one => [one, true])))
  }
  const [agent] = agents
  if (!agent) throw new Error('the sandbox has no agent')
  await putAgent(ctx, actor, corpId, { ...agent, uses: [...agentUses] })
  return agent
}

/** The first full sync, told to the process that waits. */
export async function syncFully(
  ctx: Context,
  actor: string,
  { corpId, members }: SandboxInfo,
): Promise<void> {
  const id = await requestSync(ctx, actor, corpId, 'full')
  // No node runs before the sample corps are there.
  ctx.queue.start()
  const watching = setInterval(() => {
    process.send?.({ synced: ctx.mirrors.of(corpId).members.size, members })
  }, 2000)
  await ctx.sync.drain(corpId)
  clearInterval(watching)
  const run = (await syncStatus(ctx, corpId)).runs.find(one => one.id === id)
  if (run?.state !== 'done')
    throw new Error(`首次同步没有完成：${(run && runIn('zh', run).error) ?? run?.state}`)
}

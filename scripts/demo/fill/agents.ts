import type { Context } from '../../../server/context.ts'
import { callbackPath, setUpCallback } from '../../../server/features/agents/callbacks/set-callback.ts'
import type { DemoAgent } from '../demo-file.ts'

/** Makes the callbacks of the corp's agents, which the sandbox verifies once wisp answers. */
export async function setUpAgents(ctx: Context, actor: string, corpId: string): Promise<DemoAgent[]> {
  const made: DemoAgent[] = []
  for (const { agentId } of ctx.corps.get(corpId).agents) {
    const { addressKey, keys } = await setUpCallback(ctx, actor, corpId, agentId)
    made.push({ agentId, path: `${callbackPath}${addressKey}`, ...keys })
  }
  return made
}

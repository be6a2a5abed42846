import type { Caller } from '../../../platform/http/caller.ts'
import type { Apps } from '../../apps/catalog.ts'

/** The developers of the apps that are linked to an agent. */
export function developersOf({ apps }: { apps: Apps }, corpId: string, agentId: number): Set<string> {
  const linked = apps.ofCorp(corpId).filter(app => app.enabled && app.agentId === agentId)
  return new Set(linked.flatMap(({ devId }) => devId ?? []))
}

/** Whether the developer has an app that is linked to the agent. */
export function isLinked(
  ctx: { apps: Apps },
  { corpId, devId }: Pick<Caller, 'corpId' | 'devId'>,
  agentId: number,
): boolean {
  return developersOf(ctx, corpId, agentId).has(devId)
}

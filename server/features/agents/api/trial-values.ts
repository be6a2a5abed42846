import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import type { Apps } from '../../apps/catalog.ts'
import { isLinked } from './linked.ts'
import { lastMediaTold } from './media-store.ts'

/** A picture of which the developer was told, to try calls with. */
export async function agentValues(
  ctx: Core & { apps: Apps },
  caller: Caller,
): Promise<Record<string, string>> {
  if (!caller.scopes.has('agent:read')) return {}
  const media = await lastMediaTold(ctx.db, caller)
  return media && isLinked(ctx, caller, media.agentId) ? { agentMediaId: media.mediaId } : {}
}

import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { webhooksOf } from './webhook-store.ts'

/** The developer's oldest webhook, to try calls with. */
export async function webhookValues(ctx: Core, { devId, scopes }: Caller): Promise<Record<string, string>> {
  const [first] = scopes.has('webhook:manage') ? await webhooksOf(ctx.db, devId) : []
  return first ? { webhookId: first.id } : {}
}

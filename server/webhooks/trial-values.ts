import type { Core } from '../core.ts'
import type { Developer } from '../developers/developers.ts'
import { webhooksOf } from './webhook-store.ts'

/** A webhook of the developer, to try calls with (registry/trial-values.ts). */
export async function webhookValues(ctx: Core, { devId }: Developer): Promise<Record<string, unknown>> {
  const [webhook] = await webhooksOf(ctx.db, devId)
  return webhook ? { webhookId: webhook.id } : {}
}

import { checkAlerts } from '../alerts/check-soon.ts'
import type { Core } from '../core.ts'
import * as store from './event-store.ts'

/** Has events tried later. Those that are parked wait for a person, who is told. */
export async function postpone(ctx: Core, corpId: string, events: store.Postponed[]): Promise<void> {
  if (!events.some(event => event.parked)) return store.postponeEvents(ctx.db, corpId, events)
  await ctx.db.transaction().execute(async tx => {
    await checkAlerts(ctx, tx, corpId)
    await store.postponeEvents(tx, corpId, events)
  })
}

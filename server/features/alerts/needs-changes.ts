/**
 * Open pages hear of it when what needs somebody is another (`wisp_needs`). Each act that is recorded may have mended something, so it is told
 * here in its transaction, and each look for causes tells what it opened and ended. A signal that is lost is made up for: pages ask once a
 * minute, causes are looked for every five.
 */

import { createHash } from 'node:crypto'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { createAwaited, type PolledNumbers } from '../../platform/http/waiting/awaited.ts'
import { type AttentionRow, isKnown } from '../../platform/manifest/attention.ts'
import { describeError } from '../../platform/operation/log.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import { lookedAt } from '../../platform/queue/needs-signal.ts'
import { persistently } from '../../platform/storage/bus.ts'
import { corpsWithOpenAlerts } from './store.ts'

/** Keys: the corp, then who waits. */
export type NeedsChanges = PolledNumbers

export async function createNeedsChanges(ctx: Core & { corps: Corps }): Promise<NeedsChanges> {
  const changes = createAwaited(ctx)
  const acted = new Set<string>()
  const lookSoon = persistently(
    async () => {
      const corpIds = [...acted]
      acted.clear()
      await lookAgain(ctx, corpIds)
    },
    {
      stopping: ctx.stopping,
      onFailure: error => ctx.log.warn(describeError(error), 'causes of alerts not looked for after an act'),
    },
  )
  await ctx.bus.listen(
    'wisp_needs',
    payload => {
      const { corpId, isLooked } = lookedAt(payload)
      if (corpId === '') changes.changedForAll()
      else changes.changedBelow(`${corpId} `)
      if (isLooked || !ctx.homes.isHere(corpId)) return
      acted.add(corpId)
      void lookSoon()
    },
    changes.changedForAll,
  )
  return changes
}

/** What was mended has an open alert, mostly of that corp; without one there is nothing to end. '': an act of the installation. */
async function lookAgain(ctx: Core & { corps: Corps }, corpIds: readonly string[]): Promise<void> {
  if (corpIds.length === 0) return
  const [first] = await corpsWithOpenAlerts(ctx.db, corpIds)
  const corpId = first === undefined || first !== '' ? first : ctx.corps.all()[0]?.corpId
  if (corpId !== undefined && ctx.corps.find(corpId)) await checkAlerts(ctx, ctx.db, corpId)
}

/** A number that is another when the rows are: their words may have ages in them, which change by themselves. */
export function numberOf(rows: readonly AttentionRow[]): number {
  const said = rows.map(one => [
    one.kind,
    one.subject,
    one.severity,
    one.title.zh,
    one.alert?.id,
    isKnown(one),
  ])
  return createHash('sha256').update(JSON.stringify(said)).digest().readUIntBE(0, 6)
}

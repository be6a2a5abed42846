/**
 * A cause of alerts is declared once (`causes` of a manifest) and looked for in all corps at once, from the rows that already
 * hold its truth. The transaction that makes a cause true enqueues the look (queue/check-alerts.ts); what only time makes true
 * is found every five minutes. The open alert is a row with a unique key, so that nodes open it once. The queue gives a corp's
 * messages to one node, and the message's requestId is made of the alert, so that a crash after sending repeats nothing.
 * Messages about alerts may be refused like any others: no receiver gets one again within a day, and a failed one is counted
 * neither in figures nor in causes (`message.about_alert`).
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import { isOpen } from '../../organisation/corps/suspension/check-open.ts'
import type { Core } from '../../platform/core.ts'
import type { OfferedCause } from '../../platform/manifest/offered.ts'
import { describeError } from '../../platform/operation/log.ts'
import { signalLooked } from '../../platform/queue/needs-signal.ts'
import { enqueueEach } from '../../platform/queue/queue-store.ts'
import { spreadOver } from '../../platform/queue/spread.ts'
import { withShared } from './shared.ts'
import * as store from './store.ts'
import { tellSince } from './tell.ts'

/** A cause that comes back this soon after it ended is the same alert, so that one that comes and goes is told once. */
const quietMs = 6 * 3_600_000
const toldAtMost = 20
/** The people of many corps are told one corp after the other. */
const spread = { eachMs: 1000, atMostMs: 900_000 }

/**
 * Looks for these causes in all corps, opens and ends their alerts, and enqueues messages about new ones to administrators. A
 * cause that cannot be looked for keeps its alerts as they are, and so does a corp that is suspended; at the end this throws, so that the job counts as failed.
 */
export async function checkCauses(
  ctx: Core & { corps: Corps },
  causes: Readonly<Record<string, Pick<OfferedCause, 'find' | 'reasonOf'>>>,
): Promise<void> {
  const found: store.NewAlert[] = []
  const unclear: { corpId: string | null; cause: string }[] = []
  const looked: string[] = []
  const failed: string[] = []
  const nameOf = (corpId: string) => ctx.corps.find(corpId)?.name ?? corpId
  for (const [cause, { find, reasonOf }] of Object.entries(causes)) {
    try {
      const result = await find()
      const isSuspended = ({ corpId }: { corpId: string | null }) => corpId !== null && !isOpen(ctx, corpId)
      const alerts = result.found
        .filter(one => !isSuspended(one))
        .map(({ corpId, subject = '', detail }) => ({
          corpId,
          cause,
          subject,
          detail,
          isShared: false,
        }))
      found.push(...withShared(cause, alerts, reasonOf, nameOf))
      for (const corpId of ctx.corps.closures().keys()) unclear.push({ corpId, cause })
      for (const corpId of result.unclear ?? []) unclear.push({ corpId, cause })
      looked.push(cause)
    } catch (error) {
      ctx.log.error({ cause, ...describeError(error) }, 'cause of alerts not looked for')
      failed.push(cause)
    }
  }
  const now = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await store.lockAlerts(tx)
    const ended = await store.endAlerts(tx, looked, found, unclear, now)
    const opened = await store.openAlerts(tx, found, now, new Date(ctx.now() - quietMs))
    const changed = new Set([...ended, ...opened].map(corpId => corpId ?? ''))
    // One signal for all is cheaper than many.
    const told = changed.size > toldAtMost ? [''] : changed
    for (const corpId of told) await signalLooked(tx, corpId)
    const corpIds = await store.corpsToTell(tx, tellSince(ctx))
    const times = spreadOver(corpIds, ctx.now(), spread)
    await enqueueEach(
      tx,
      times.map(({ name: corpId, dueAt }) => ({ corpId, stream: 'alerts' as const, key: '', dueAt })),
    )
  })
  if (failed.length > 0) throw new Error(`causes of alerts not looked for: ${failed.join(', ')}`)
}

import { perform } from '../../../platform/acts/perform.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { checkVersion } from '../../../platform/http/form-version.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { type Corps, unknownCorp } from '../corps.ts'
import * as store from '../store.ts'
import { inOrder, type QuotaChange, type Quotas, quotaNames, readQuotas } from './quotas.ts'

/**
 * Changes what a corp is allowed. What it has beyond that stays. `expected` is the version that the form was filled from; if it is no
 * longer current, throws 1000.
 */
export async function setQuotas(
  ctx: Core & { corps: Corps },
  actor: string,
  corpId: string,
  given: QuotaChange,
  expected?: string,
): Promise<Quotas> {
  ctx.corps.get(corpId)
  const change = readQuotas(given)
  return perform(ctx, { act: 'corp.quotas', actor, corpId }, async tx => {
    const row = await store.lockCorp(tx, corpId)
    if (!row) throw unknownCorp(corpId)
    const before = inOrder(row.quotas)
    checkVersion(before, expected)
    const next = inOrder(
      Object.fromEntries(
        quotaNames.flatMap(name => {
          const value = change[name] === undefined ? before[name] : (change[name] ?? undefined)
          return value === undefined ? [] : [[name, value]]
        }),
      ),
    )
    await store.updateCorp(tx, corpId, { quotas: next })
    const detail = { changes: changesOf({ quotas: before }, { quotas: next }) }
    await checkAlerts(ctx, tx, corpId)
    return { target: corpId, targetName: row.name, detail, answer: next }
  })
}

import type { Corps } from '../../../organisation/corps/corps.ts'
import { dayOf } from '../../../platform/operation/day.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { lockMessageDays } from './message-day-store.ts'

type Asked = { message: { corpId: string; aboutAlert: boolean } }

/**
 * The drafts for which their corps' quotas of messages have no room any more, in the order in which they came. What alerts say is counted
 * and goes out all the same: it may be about this.
 */
export async function beyondQuota<D extends Asked>(
  ctx: { corps: Corps; now(): number },
  tx: Db,
  drafts: readonly D[],
): Promise<ReadonlySet<D>> {
  const quotaOf = (corpId: string) => ctx.corps.find(corpId)?.quotas.messagesPerDay
  const limited = drafts.filter(({ message }) => quotaOf(message.corpId) !== undefined)
  const corpIds = [...new Set(limited.map(({ message }) => message.corpId))]
  const used = await lockMessageDays(tx, corpIds, dayOf(ctx.now()))
  const beyond = new Set<D>()
  for (const draft of limited) {
    const { corpId, aboutAlert } = draft.message
    const before = used.get(corpId) ?? 0
    if (before >= (quotaOf(corpId) ?? 0) && !aboutAlert) beyond.add(draft)
    else used.set(corpId, before + 1)
  }
  return beyond
}

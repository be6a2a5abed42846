import type { Corps } from '../../../../organisation/corps/corps.ts'
import { isOn } from '../../../../organisation/corps/features/check-on.ts'
import { isOpen } from '../../../../organisation/corps/suspension/check-open.ts'
import type { Core } from '../../../../platform/core.ts'
import type { Gap } from '../../../../platform/inbox/missed.ts'
import type { FeatureOffers } from '../../../../platform/manifest/offered.ts'
import type { Queue } from '../../../../platform/queue/queue.ts'
import { enqueueEach } from '../../../../platform/queue/queue-store.ts'
import { spreadOver } from '../../../../platform/queue/spread.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import { whyNot } from '../../accounts/abilities.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import type { OfficialRoom } from '../../accounts/official-room.ts'
import { requestPull } from './pull.ts'
import { findPull, pulledAccounts } from './store.ts'

declare module '../../../../platform/queue/queue-store.ts' {
  interface Streams {
    'official-missed': true
  }
}

type Needs = Core & { accounts: Accounts; corps: Corps; offered: FeatureOffers }

/** What WeChat repeats by itself comes first. */
const settleMs = 5000
const spread = { eachMs: 5000, atMostMs: 3_600_000 }
/** A pull that is under way may have read already what changed later. */
const afterPullMs = 15_000
const requestedBy = 'outage'

/**
 * Has the followers read again of accounts whose pushes were refused, or may have been, as far as they were ever read. Messages and
 * other events cannot be asked for.
 */
export async function readMissedFollowers(ctx: Needs, tx: Db, gap: Gap): Promise<void> {
  const refused = new Set(gap.refused.filter(one => one.stream === 'official').map(one => one.account))
  if (refused.size === 0 && !gap.isBlind) return
  const pulled = await pulledAccounts(tx)
  const concerned = ctx.accounts
    .all()
    .filter(one => pulled.has(one.originalId) && (gap.isBlind || refused.has(one.originalId)))
    .filter(one => one.enabled && !whyNot(one, 'followers'))
  const corpOf = new Map(concerned.map(one => [one.originalId, one.corpId]))
  const times = spreadOver([...corpOf.keys()], ctx.now() + settleMs, spread)
  await enqueueEach(
    tx,
    times.map(({ name: key, dueAt }) => ({
      corpId: corpOf.get(key) ?? '',
      stream: 'official-missed',
      key,
      dueAt,
    })),
  )
}

export function handleMissedFollowers(ctx: Needs & { officialRoom: OfficialRoom; queue: Queue }): void {
  ctx.queue.handle({
    name: 'official-missed',
    atOnce: 2,
    room: ctx.officialRoom,
    async work({ corpId, key: originalId }) {
      const account = ctx.accounts.find(originalId)
      if (account?.corpId !== corpId || !account.enabled || whyNot(account, 'followers')) return undefined
      if (!isOpen(ctx, corpId) || !isOn(ctx, corpId, 'official')) return undefined
      if ((await findPull(ctx.db, account))?.state === 'running') return new Date(ctx.now() + afterPullMs)
      await requestPull(ctx, requestedBy, account)
      return undefined
    },
  })
}

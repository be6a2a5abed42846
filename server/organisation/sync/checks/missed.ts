import type { Core } from '../../../platform/core.ts'
import type { Gap } from '../../../platform/inbox/missed.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { enqueueEach } from '../../../platform/queue/queue-store.ts'
import { spreadOver } from '../../../platform/queue/spread.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { WecomRoom } from '../../corps/clients/wecom-room.ts'
import type { Corps } from '../../corps/corps.ts'
import { requestSync } from '../request.ts'
import { openRun } from '../runs/run-store.ts'
import { afterOutage } from './after-outage.ts'
import { nightSpread } from './nightly.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'directory-missed': true
  }
}

const corpsAtOnce = 2
/** What WeCom repeats by itself comes first. */
const settleMs = 5000
/** Of these a push was refused, so that they do not wait for all others. */
const ofRefused = { eachMs: 1000, atMostMs: 600_000 }
/** A run that is under way may have read already what changed later. */
const afterRunMs = 15_000

/** Has the address books checked whose changes WeCom may have pushed in vain. */
export async function checkMissed(ctx: Core & { corps: Corps }, tx: Db, gap: Gap): Promise<void> {
  const counted = gap.refused.filter(one => one.stream === 'directory' && ctx.corps.find(one.corpId))
  const refused = counted.map(one => one.corpId)
  const others = gap.isWhole
    ? ctx.corps.all().filter(one => one.callbackVerifiedAt && !refused.includes(one.corpId))
    : []
  if (refused.length + others.length === 0) return
  const from = ctx.now() + settleMs
  const times = [
    ...spreadOver(refused, from, ofRefused),
    ...spreadOver(
      others.map(one => one.corpId),
      from,
      nightSpread(ctx.config),
    ),
  ]
  await enqueueEach(
    tx,
    times.map(({ name: corpId, dueAt }) => ({ corpId, stream: 'directory-missed', key: '', dueAt })),
  )
  ctx.log.warn(
    {
      from: gap.from,
      until: gap.until,
      corps: times.length,
      refused: counted.reduce((sum, one) => sum + one.refused, 0),
    },
    'changes may have been missed while the database or wisp was away: the address books are checked',
  )
}

/** Requests the check of a corp whose time has come; the places of the directory's work do the rest. */
export function handleMissed(ctx: Core & { corps: Corps; queue: Queue; wecomRoom: WecomRoom }): void {
  ctx.queue.handle({
    name: 'directory-missed',
    atOnce: corpsAtOnce,
    room: ctx.wecomRoom,
    async work({ corpId }) {
      if (!ctx.corps.find(corpId)) return undefined
      if (await openRun(ctx.db, corpId)) return new Date(ctx.now() + afterRunMs)
      await requestSync(ctx, afterOutage, corpId, 'reconcile')
      return undefined
    },
  })
}

import type { Config } from '../../../platform/config.ts'
import type { Core } from '../../../platform/core.ts'
import { nextTime } from '../../../platform/cron-line.ts'
import type { Jobs } from '../../../platform/queue/jobs.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { enqueueEach, takeOverdue } from '../../../platform/queue/queue-store.ts'
import { spreadOver } from '../../../platform/queue/spread.ts'
import { usualZone } from '../../../platform/time-zone.ts'
import type { WecomRoom } from '../../corps/clients/wecom-room.ts'
import type { Corps } from '../../corps/corps.ts'
import { requestSync } from '../request.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    nightly: true
  }
}

type Needs = Core & { corps: Corps; queue: Queue }

const corpsAtOnce = 2
/** What one corp of 500 takes is far less, so that one is done before the next begins. */
const eachMs = 5000
/** What is late by more was kept from running: nodes or WeCom were away. */
const overdueMs = 600_000
/** The clock comes to a job at most so much late. */
const justNowMs = 120_000

/** How the checks of all corps are spread. */
export const nightSpread = ({ nightlyHours }: Config) => ({ eachMs, atMostMs: nightlyHours * 3_600_000 })

/** Requests the nightly reconcile of the corp whose time has come; the places of the directory's work do the rest. */
export function handleNightly(ctx: Needs & { wecomRoom: WecomRoom }): void {
  ctx.queue.handle({
    name: 'nightly',
    atOnce: corpsAtOnce,
    room: ctx.wecomRoom,
    async work({ corpId }) {
      if (ctx.corps.find(corpId)) await requestSync(ctx, 'nightly', corpId, 'reconcile')
      return undefined
    },
  })
}

/** A night that no node was there for is made up for, as spread as the night would have been. */
export function scheduleNightly(ctx: Needs & { jobs: Jobs }): void {
  ctx.jobs.schedule('nightly', ctx.config.nightly, () => nightly(ctx), { madeUpFor: () => nightly(ctx) })
  ctx.jobs.atStart('nightly-overdue', () => spreadOverdue(ctx))
}

/** Each corp has the time in its own zone. When that is an hour that this night does not have any more, it is the next day's. */
async function nightly(ctx: Needs): Promise<void> {
  const now = ctx.now()
  const ofZones = Map.groupBy(ctx.corps.all(), one => one.timeZone)
  for (const [timeZone, corps] of ofZones) {
    const at = nextTime(ctx.config.nightly, new Date(now - justNowMs), timeZone).getTime()
    // A night that is made up for comes at once, whatever the hour is there.
    const from = timeZone === usualZone ? now : Math.max(now, at)
    const corpIds = corps.map(one => one.corpId)
    await enqueueSpread(ctx, corpIds, from)
  }
}

async function enqueueSpread(ctx: Needs, corpIds: readonly string[], from = ctx.now()): Promise<void> {
  if (corpIds.length === 0) return
  const times = spreadOver(corpIds, from, nightSpread(ctx.config))
  const tasks = times.map(({ name: corpId, dueAt }) => ({
    corpId,
    stream: 'nightly' as const,
    key: '',
    dueAt,
  }))
  await enqueueEach(ctx.db, tasks)
}

/** What could not run when it was due does not run all at once when it can. */
export async function spreadOverdue(ctx: Needs): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const corpIds = await takeOverdue(tx, 'nightly', new Date(ctx.now() - overdueMs))
    await enqueueSpread({ ...ctx, db: tx }, corpIds)
  })
}

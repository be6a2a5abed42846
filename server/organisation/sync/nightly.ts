import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../../platform/core.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import type { Corps } from '../corps/corps.ts'
import { readOutage } from './outage-store.ts'
import { requestSync } from './request.ts'
import { findRun } from './runs/run-store.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    nightly: true
  }
}

type Needs = Core & { corps: Corps; queue: Queue }

/** Low, so that a night with a thousand corps leaves room for other work. */
const corpsAtOnce = 2
const lookAgainMs = 1000

/** Reconciles every corp each night, a few at a time. */
export function handleNightly(ctx: Needs): void {
  ctx.queue.handle({
    name: 'nightly',
    atOnce: corpsAtOnce,
    async work({ corpId, signal }) {
      if (!ctx.corps.find(corpId)) return undefined
      const id = await requestSync(ctx, 'nightly', corpId, 'reconcile')
      while (!signal.aborted) {
        const run = await findRun(ctx.db, corpId, id)
        if (run?.state !== 'waiting' && run?.state !== 'running') return undefined
        // It goes on by itself once WeCom is back; the other corps need not wait for that.
        if (((await readOutage(ctx.db, corpId))?.attempts ?? 0) > 0) return undefined
        await delay(lookAgainMs, undefined, { signal }).catch(() => undefined)
      }
      return undefined
    },
  })
}

export function scheduleNightly(ctx: Needs & { jobs: Jobs }): void {
  ctx.jobs.schedule('nightly', ctx.config.nightly, () => nightly(ctx))
}

async function nightly(ctx: Needs): Promise<void> {
  const tasks = ctx.corps.all().map(({ corpId }) => ({ corpId, stream: 'nightly' as const }))
  await enqueue(ctx.db, tasks, new Date(ctx.now()))
}

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { makeCopy } from './copies/copy.ts'
import { eraseAsked } from './erasure/erase.ts'
import { eraseDueLeavers } from './erasure/leavers.ts'
import { keepHeld, putBy } from './holds/holds.ts'
import { nextAsked } from './request-store.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    'personal-data': true
  }
}

export type WorkNeeds = Core & { corps: Corps; offered: FeatureOffers; queue: Queue; jobs: Jobs }

/** Copies, erasures and holds of a corp, one after the other: each reads all tables, and nobody waits at a page for it. */
export function handlePersonalData(ctx: WorkNeeds): void {
  ctx.queue.handle({
    name: 'personal-data',
    atOnce: 1,
    isBackground: true,
    async work(held) {
      await putBy(ctx, held)
      for (;;) {
        const request = held.signal.aborted ? undefined : await nextAsked(ctx.db, held.corpId)
        if (!request) return undefined
        if (request.kind === 'copy') await makeCopy(ctx, held, request)
        else await eraseAsked(ctx, held, request)
      }
    },
  })
}

export function schedulePersonalData(ctx: WorkNeeds): void {
  // Before the nightly prune, with time for what takes long.
  ctx.jobs.schedule('personal-holds', '10 1 * * *', () => keepHeld(ctx))
  ctx.jobs.schedule('personal-erasure', '40 4 * * *', () => eraseDueLeavers(ctx))
}

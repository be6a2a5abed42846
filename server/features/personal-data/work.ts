import type { Requests } from '../../callers/requests/requests.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { describeError } from '../../platform/operation/log.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { ActiveTask, Queue } from '../../platform/queue/queue.ts'
import { holdLease, LeaseLost } from '../../platform/queue/queue-store.ts'
import { DatabaseAway } from '../../platform/storage/availability.ts'
import { makeCopy } from './copies/copy.ts'
import { type Attempt, eraseAsked } from './erasure/erase.ts'
import { eraseDueLeavers } from './erasure/leavers.ts'
import { keepHeld, putBy } from './holds/holds.ts'
import { countRegister } from './register.ts'
import { countsAskedAt } from './register-store.ts'
import { endRequest, nextAsked, nextErasures, type PersonRequest } from './request-store.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    'personal-data': true
  }
}

export type WorkNeeds = Core & {
  corps: Corps
  offered: FeatureOffers
  queue: Queue
  jobs: Jobs
  requests: Requests
}

const closedAgainMs = 3_600_000
/** By one reading of all tables; a copy, for which somebody waits, waits for their erasures. */
const personsAtOnce = 50

/** Copies, erasures and holds of a corp, one after the other: each reads all tables, and nobody waits at a page for it. */
export function handlePersonalData(ctx: WorkNeeds): void {
  ctx.queue.handle({
    name: 'personal-data',
    atOnce: 1,
    isBackground: true,
    // The nightly prune goes on, so that what is held must be put by; the rest waits.
    goesOn: ['suspended'],
    async work(held) {
      const attempt: Attempt = async (request, work) => {
        try {
          await work()
        } catch (error) {
          if (error instanceof LeaseLost || error instanceof DatabaseAway || held.signal.aborted) throw error
          await fail(ctx, held, request, error)
        }
      }
      await putBy(ctx, held)
      if (ctx.corps.closureOf(held.corpId)) return new Date(ctx.now() + closedAgainMs)
      for (;;) {
        const request = held.signal.aborted ? undefined : await nextAsked(ctx.db, held.corpId)
        if (!request) break
        if (request.kind === 'copy') await attempt(request, () => makeCopy(ctx, held, request))
        else await eraseAsked(ctx, held, await nextErasures(ctx.db, held.corpId, personsAtOnce), attempt)
      }
      if (!held.signal.aborted && (await countsAskedAt(ctx.db, held.corpId)))
        await countRegister(ctx, held.corpId)
      return undefined
    },
  })
}

/** One that cannot be done keeps no others waiting. It may be asked for again, and goes on where it was. */
async function fail(
  ctx: Core,
  { corpId, lease }: ActiveTask,
  { id }: PersonRequest,
  error: unknown,
): Promise<void> {
  ctx.log.error({ corpId, request: id, ...describeError(error) }, 'request about a person failed')
  const why = {
    zh: '执行出错，原因见节点日志；可以再次申请',
    en: "it failed: the node's log says why; ask for it again",
  }
  await ctx.db.transaction().execute(async tx => {
    await endRequest(tx, corpId, id, { state: 'failed', at: new Date(ctx.now()), report: { why } })
    await holdLease(tx, lease)
  })
}

export function schedulePersonalData(ctx: WorkNeeds): void {
  // Before the nightly prune, with time for what takes long.
  ctx.jobs.schedule('personal-holds', '10 1 * * *', () => keepHeld(ctx))
  ctx.jobs.schedule('personal-erasure', '40 4 * * *', () => eraseDueLeavers(ctx))
}

import type { Core } from '../../platform/core.ts'
import { nextDueAt } from '../../platform/inbox/event-store.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { ActiveTask } from '../../platform/queue/queue.ts'
import type { Corps } from '../corps/corps.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { processEvents } from './events/process-events.ts'
import { openReach } from './outage.ts'
import { executeRun, giveUpAfterLong, type Work } from './runs/execute-run.ts'
import * as runs from './runs/run-store.ts'
import type { ReadTimes } from './touched.ts'

type Needs = Core & { offered: FeatureOffers } & { corps: Corps; inbox: Inbox; mirrors: Mirrors }

/** The run that executes while events are processed. */
type Sweep = {
  runId: number
  cancel: AbortController
  ended: Promise<void>
  isOver: boolean
  failure: unknown
}

const makeWayMs = 200
/** How soon a run that another node cancelled is noticed if the notification is lost. */
const lookAgainMs = 2000
/** Wait when the corp was just added on another node and this node has not read it yet. */
const unknownCorpMs = 1000
const touchedKeptMs = 3_600_000

/**
 * Does everything that is due for one corp's address book: the requested run, and the events at the same time, because a
 * run may take minutes. Returns when the next event is due, or WeCom is to be asked again that could not be reached.
 */
export async function workOnDirectory(
  ctx: Needs,
  held: ActiveTask,
  touched: ReadTimes,
): Promise<Date | undefined> {
  const { corpId, signal } = held
  const known = ctx.corps.find(corpId)
  if (!known) return new Date(ctx.now() + unknownCorpMs)
  const reach = await openReach(ctx, corpId)
  if (reach.pausedUntil()) return reach.pausedUntil()
  // One question shows whether WeCom is back, before everything that waits asks its own.
  const failure = reach.isOut() ? await reach.probe(known) : undefined
  if (failure) {
    const run = await runs.openRun(ctx.db, corpId)
    if (run) await giveUpAfterLong(ctx, run, reach, failure)
    return reach.pausedUntil()
  }
  const work = { lease: held.lease, touched, reach }
  await ctx.mirrors.load(corpId)
  // Changes from other nodes must be in memory before anything is compared with it.
  await ctx.mirrors.refresh(corpId)
  let sweeping: Sweep | undefined
  try {
    while (!signal.aborted) {
      held.reset()
      sweeping = await tendRun(ctx, held, work, sweeping)
      if (!sweeping && reach.pausedUntil()) return reach.pausedUntil()
      const corp = ctx.corps.find(corpId)
      if (!corp) return undefined
      const processed = await processEvents(ctx, corp, held.lease, touched)
      // While a run is under way, it is the run that knows whether WeCom answers.
      if (!sweeping && processed.unreachable) await reach.failed(processed.unreachable)
      if (processed.entities > 0) {
        await ctx.inbox.lull(makeWayMs)
        continue
      }
      const dueAt = await nextDueAt(ctx.db, { corpId, stream: 'directory' })
      const untilDueMs = dueAt ? dueAt.getTime() - ctx.now() : Number.POSITIVE_INFINITY
      if (untilDueMs <= 0) continue
      if (!sweeping) {
        touched.prune(ctx.now() - touchedKeptMs)
        return dueAt
      }
      await held.wait(Math.min(untilDueMs, lookAgainMs))
    }
  } finally {
    sweeping?.cancel.abort(new Error('the work on the corp ends'))
    await sweeping?.ended
  }
  return undefined
}

/** Starts the open run, and stops one that is no longer open. Throws the error of a run that failed. */
async function tendRun(
  ctx: Needs,
  held: ActiveTask,
  work: Work,
  sweeping: Sweep | undefined,
): Promise<Sweep | undefined> {
  const run = await runs.openRun(ctx.db, held.corpId)
  if (sweeping && !sweeping.isOver && run?.id === sweeping.runId) return sweeping
  if (sweeping) {
    sweeping.cancel.abort(new Error('cancelled'))
    await sweeping.ended
    if (sweeping.failure !== undefined) throw sweeping.failure
    if (work.reach.pausedUntil()) return undefined
  }
  return run && !held.signal.aborted ? startRun(ctx, held, work, run) : undefined
}

function startRun(ctx: Needs, held: ActiveTask, work: Work, run: runs.Run): Sweep {
  const cancel = new AbortController()
  const signal = AbortSignal.any([held.signal, cancel.signal])
  const sweeping: Sweep = {
    runId: run.id,
    cancel,
    ended: Promise.resolve(),
    isOver: false,
    failure: undefined,
  }
  sweeping.ended = executeRun(ctx, run, work, signal)
    .catch(error => {
      sweeping.failure = error
    })
    .finally(() => {
      sweeping.isOver = true
      held.ring()
    })
  return sweeping
}

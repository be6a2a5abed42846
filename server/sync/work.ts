import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { nextDueAt } from '../inbox/event-store.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Held } from '../queue/queue.ts'
import { processEvents } from './events/process-events.ts'
import { executeRun } from './runs/execute-run.ts'
import * as runs from './runs/run-store.ts'
import type { Touched } from './touched.ts'

type Needs = Core & { corps: Corps; inbox: Inbox; mirrors: Mirrors }

/** The run that is under way beside the events. */
type Sweeping = {
  runId: number
  cancel: AbortController
  ended: Promise<void>
  isOver: boolean
  failure: unknown
}

const makeWayMs = 200
/** A run that was cancelled elsewhere is noticed after so long, should its signal be lost. */
const lookAgainMs = 2000
/** The corp was added elsewhere a moment ago, and this node has not read of it yet. */
const unknownCorpMs = 1000
const touchedKeptMs = 3_600_000

/**
 * Everything that is due for one corp's address book: a run that somebody asked for, and beside it the events, for a run
 * may take minutes. Answers when the next event is due.
 */
export async function workOnDirectory(ctx: Needs, held: Held, touched: Touched): Promise<Date | undefined> {
  const { corpId, signal } = held
  if (!ctx.corps.find(corpId)) return new Date(ctx.now() + unknownCorpMs)
  await ctx.mirrors.load(corpId)
  // What another node wrote last must be here before anything is compared.
  await ctx.mirrors.refresh(corpId)
  let sweeping: Sweeping | undefined
  try {
    while (!signal.aborted) {
      held.reset()
      sweeping = await tendRun(ctx, held, touched, sweeping)
      const corp = ctx.corps.find(corpId)
      if (!corp) return undefined
      if ((await processEvents(ctx, corp, held.lease, touched)) > 0) {
        await ctx.inbox.lull(makeWayMs)
        continue
      }
      const dueAt = await nextDueAt(ctx.db, corpId, 'directory')
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

/** Begins the run that is open, and ends one that is not open any more. A run that failed throws its error here. */
async function tendRun(
  ctx: Needs,
  held: Held,
  touched: Touched,
  sweeping: Sweeping | undefined,
): Promise<Sweeping | undefined> {
  const run = await runs.openRun(ctx.db, held.corpId)
  if (sweeping && !sweeping.isOver && run?.id === sweeping.runId) return sweeping
  if (sweeping) {
    sweeping.cancel.abort(new Error('cancelled'))
    await sweeping.ended
    if (sweeping.failure !== undefined) throw sweeping.failure
  }
  return run && !held.signal.aborted ? startRun(ctx, held, touched, run) : undefined
}

function startRun(ctx: Needs, held: Held, touched: Touched, run: runs.Run): Sweeping {
  const cancel = new AbortController()
  const signal = AbortSignal.any([held.signal, cancel.signal])
  const sweeping: Sweeping = {
    runId: run.id,
    cancel,
    ended: Promise.resolve(),
    isOver: false,
    failure: undefined,
  }
  sweeping.ended = executeRun(ctx, run, held.lease, touched, signal)
    .catch(error => {
      sweeping.failure = error
    })
    .finally(() => {
      sweeping.isOver = true
      held.ring()
    })
  return sweeping
}

import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../../core.ts'
import type { Corp, Corps } from '../../corps/corps.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { describeError } from '../../operation/log.ts'
import type { Database } from '../../storage/database.ts'
import { inboxState, nextDueAt } from '../events/event-store.ts'
import type { Inbox } from '../events/inbox.ts'
import { processEvents } from '../events/process-events.ts'
import { executeRun } from '../runs/execute-run.ts'
import * as runs from '../runs/run-store.ts'
import { type Lease, LeaseLost } from './lease.ts'
import { createTenure, type Tenure } from './tenure.ts'
import { createTouched, type Touched } from './touched.ts'

type Needs = Core & { corps: Corps; database: Database; inbox: Inbox; mirrors: Mirrors }

/** One corp's writer on this node: idle while another node holds the lease. */
export type Worker = {
  kick(): void
  /** True when it holds the lease and nothing is due: no event, no run. */
  isIdle(): Promise<boolean>
  stop(): Promise<void>
}

type Work = {
  ctx: Needs
  corpId: string
  tenure: Tenure
  touched: Touched
  stopped: AbortController
  isProcessing: boolean
  /** The run that is under way beside the events. */
  sweeping: { runId: number; ended: Promise<void>; cancel: AbortController } | undefined
  bell: Bell
}

const idleMs = 2000
const makeWayMs = 200
const afterFailureMs = 500
const touchedKeptMs = 3_600_000

export function startWorker(ctx: Needs, corpId: string): Worker {
  const work: Work = {
    ctx,
    corpId,
    tenure: createTenure(ctx, corpId),
    touched: createTouched(),
    stopped: new AbortController(),
    isProcessing: false,
    sweeping: undefined,
    bell: createBell(),
  }
  const running = loop(work)
  return {
    kick: work.bell.ring,
    async isIdle() {
      if (!work.tenure.lease || work.isProcessing || work.sweeping) return false
      const { pending } = await inboxState(ctx.db, corpId)
      return pending === 0 && (await runs.openRun(ctx.db, corpId)) === undefined
    },
    async stop() {
      work.stopped.abort(new Error('stopping'))
      work.bell.ring()
      await running
      await work.sweeping?.ended
      await work.tenure.release()
    },
  }
}

async function loop(work: Work): Promise<void> {
  const { ctx, corpId, tenure, stopped, bell } = work
  while (!stopped.signal.aborted) {
    bell.reset()
    const corp = ctx.corps.find(corpId)
    try {
      if (corp) await turn(work, corp)
    } catch (error) {
      if (error instanceof LeaseLost) tenure.lose()
      else if (!stopped.signal.aborted) await noteFailure(work, error)
    }
    const due = tenure.lease ? await nextDueAt(ctx.db, corpId).catch(() => undefined) : undefined
    const untilDue = due ? Math.max(due.getTime() - ctx.now(), 0) : idleMs
    if (!stopped.signal.aborted) await bell.wait(Math.min(untilDue, idleMs))
  }
}

async function turn(work: Work, corp: Corp): Promise<void> {
  const { ctx, corpId, tenure, touched, stopped } = work
  // A corp that was added a moment ago, by a command or another node, may be known and not in memory yet.
  await ctx.mirrors.load(corpId)
  let { lease } = tenure
  if (!lease) {
    lease = await tenure.take()
    if (!lease) return
    // What another node wrote last must be here before anything is compared.
    await ctx.mirrors.refresh(corpId)
  }
  work.isProcessing = true
  try {
    while (
      !stopped.signal.aborted &&
      (await processEvents(ctx, ctx.corps.find(corpId) ?? corp, lease, touched)) > 0
    ) {
      await ctx.inbox.lull(makeWayMs)
    }
  } finally {
    work.isProcessing = false
  }
  const run = await runs.openRun(ctx.db, corpId)
  if (work.sweeping) {
    if (run?.id !== work.sweeping.runId) work.sweeping.cancel.abort(new Error('cancelled'))
    return
  }
  if (run && !stopped.signal.aborted) startRun(work, run, lease)
  else touched.prune(ctx.now() - touchedKeptMs)
}

function startRun(work: Work, run: runs.Run, lease: Lease): void {
  const { ctx, stopped, tenure, touched, bell } = work
  const cancel = new AbortController()
  const signal = AbortSignal.any([stopped.signal, tenure.ended, ctx.stopping, cancel.signal])
  const ended = executeRun(ctx, run, lease, touched, signal)
    .catch(error => noteFailure(work, error))
    .finally(() => {
      work.sweeping = undefined
      bell.ring()
    })
  work.sweeping = { runId: run.id, ended, cancel }
}

async function noteFailure({ ctx, corpId }: Work, error: unknown): Promise<void> {
  ctx.log.error({ corpId, ...describeError(error) }, 'sync turn failed')
  await delay(afterFailureMs)
}

/** Rings that come before anybody waits are not lost. */
type Bell = { ring(): void; reset(): void; wait(ms: number): Promise<void> }

function createBell(): Bell {
  let hasRung = false
  let wake = () => {}
  return {
    ring() {
      hasRung = true
      wake()
    },
    reset() {
      hasRung = false
    },
    async wait(ms) {
      if (hasRung) return
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    },
  }
}

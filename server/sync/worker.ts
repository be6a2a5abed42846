import { setTimeout as delay } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { Corp } from '../corps/corps.ts'
import { describeError } from '../log.ts'
import { processEvents } from './events.ts'
import { type Lease, LeaseLost, leaseSeconds, releaseLease, renewLease, takeLease } from './lease.ts'
import { RunStopped, type Sweep, sweepCorp } from './run.ts'
import * as runs from './runs.ts'
import { isForbiddenForContact, noteRegime, openSource } from './source.ts'
import { inboxState, nextDueAt } from './store.ts'
import { createTouched, type Touched } from './touched.ts'

/** One corp's writer on this node: idle while another node holds the lease. */
export type Worker = {
  kick(): void
  /** True when it holds the lease and nothing is due: no event, no run. */
  isIdle(): Promise<boolean>
  stop(): Promise<void>
}

const idleMs = 2000
const touchedKeptMs = 3_600_000

export function startWorker(ctx: Context, corpId: string): Worker {
  const stopped = new AbortController()
  let wake = () => {}
  let kicked = false
  let lease: Lease | undefined
  let isProcessing = false
  let sweeping: Promise<void> | undefined
  let leaseEnded = new AbortController()
  const touched = createTouched()

  const renewing = setInterval(
    () => {
      if (!lease) return
      const held = lease
      renewLease(ctx, held)
        .then(isHeld => {
          if (!isHeld && lease === held) loseLease()
        })
        .catch(error => ctx.log.warn({ corpId, ...describeError(error) }, 'lease not renewed'))
    },
    (leaseSeconds * 1000) / 3,
  )

  function loseLease() {
    lease = undefined
    leaseEnded.abort(new LeaseLost('lease lost'))
  }

  async function turn(corp: Corp): Promise<void> {
    if (!lease) {
      lease = await takeLease(ctx, corpId)
      if (!lease) return
      leaseEnded = new AbortController()
      // What another node wrote last must be here before anything is compared.
      await ctx.mirrors.refresh(corpId)
    }
    const held = lease
    isProcessing = true
    try {
      while (
        !stopped.signal.aborted &&
        (await processEvents(ctx, ctx.corps.find(corpId) ?? corp, held, touched)) > 0
      );
    } finally {
      isProcessing = false
    }
    const run = sweeping ? undefined : await runs.openRun(ctx.db, corpId)
    if (run && !stopped.signal.aborted) {
      const signal = AbortSignal.any([stopped.signal, leaseEnded.signal, ctx.stopping])
      sweeping = executeRun(ctx, run, held, touched, signal).finally(() => {
        sweeping = undefined
        wake()
      })
    }
    if (!sweeping) touched.prune(ctx.now() - touchedKeptMs)
  }

  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      kicked = false
      const corp = ctx.corps.find(corpId)
      if (corp) {
        try {
          await turn(corp)
        } catch (error) {
          if (error instanceof LeaseLost) loseLease()
          else if (!stopped.signal.aborted) {
            ctx.log.error({ corpId, ...describeError(error) }, 'sync turn failed')
            await delay(500)
          }
        }
      }
      if (!kicked && !stopped.signal.aborted) await pause()
    }
  }

  async function pause() {
    const due = lease ? await nextDueAt(ctx.db, corpId).catch(() => undefined) : undefined
    const untilDue = due ? Math.max(due.getTime() - ctx.now(), 0) : idleMs
    if (kicked) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, Math.min(untilDue, idleMs))
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const running = loop()
  return {
    kick() {
      kicked = true
      wake()
    },
    async isIdle() {
      if (!lease || isProcessing || sweeping) return false
      const { pending } = await inboxState(ctx.db, corpId)
      return pending === 0 && (await runs.openRun(ctx.db, corpId)) === undefined
    },
    async stop() {
      clearInterval(renewing)
      stopped.abort(new Error('stopping'))
      wake()
      await running
      await sweeping
      if (lease) await releaseLease(ctx, lease).catch(() => undefined)
    },
  }
}

/** Takes a waiting run, or goes on with one that a crash interrupted, and brings it to its end. */
async function executeRun(
  ctx: Context,
  run: runs.Run,
  lease: Lease,
  touched: Touched,
  signal: AbortSignal,
): Promise<void> {
  const { corpId } = run
  const now = () => new Date(ctx.now())
  try {
    if (run.state === 'waiting') {
      await runs.dropDrift(ctx.db, run.id)
      run.first = ctx.mirrors.of(corpId).tree.order.length === 0
      await runs.updateRun(ctx.db, run.id, { state: 'running', first: run.first, startedAt: now() }, now())
    }
    const sweep = await newSweep(ctx, run, lease, touched, signal)
    await sweepCorp(sweep)
    await noteRegime(ctx, sweep.corp, sweep.source.regime)
    await finishRun(ctx, run, 'done', null)
  } catch (error) {
    if (signal.aborted || error instanceof LeaseLost) return
    const corp = ctx.corps.find(corpId)
    if (corp && corp.regime !== 'restricted' && isForbiddenForContact(error)) {
      // Left open: the next turn goes on with it, reading as the restricted secret may.
      await noteRegime(ctx, corp, 'restricted')
      return
    }
    const stopped = error instanceof RunStopped
    const { error: text } = describeError(error)
    ctx.log.warn(
      { corpId, run: run.id, ...(stopped ? { error: text } : describeError(error)) },
      'sync run stopped',
    )
    await finishRun(
      ctx,
      run,
      stopped && error.needsApproval ? 'approval' : 'failed',
      stopped ? error.message : text,
    )
  }
}

async function finishRun(
  ctx: Context,
  run: runs.Run,
  state: runs.RunState,
  error: string | null,
): Promise<void> {
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await runs.updateRun(tx, run.id, { state, error, finishedAt: at }, at)
    await runs.dropPages(tx, run.id)
  })
}

async function newSweep(
  ctx: Context,
  run: runs.Run,
  lease: Lease,
  touched: Touched,
  signal: AbortSignal,
): Promise<Sweep> {
  const corp = ctx.corps.get(run.corpId)
  const pages = await runs.readPages(ctx.db, run.id)
  const seen = new Set(pages.flatMap(page => page.userKeys))
  const none = () => ({ put: 0, drop: 0 })
  return {
    ctx,
    corp,
    run,
    lease,
    source: openSource(corp),
    touched,
    signal,
    isFirst: run.first,
    startedAt: ctx.now(),
    seen,
    pagesDone: new Set(pages.map(page => page.page)),
    progress: {
      pagesDone: pages.length,
      pagesTotal: pages.length,
      members: seen.size,
      applied: run.progress.applied ?? 0,
    },
    counts: { department: none(), member: none(), tag: none(), ...run.counts },
    problems: new Set(run.problems),
    driftKept: await runs.countDrift(ctx.db, run.id),
  }
}

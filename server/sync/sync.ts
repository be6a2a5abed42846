import { record } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { pruneDirectory } from '../directory/retention.ts'
import { ApiError } from '../http/errors.ts'
import { describeError } from '../operation/log.ts'
import { signal } from '../storage/bus.ts'
import {
  eventView,
  inboxState,
  lastCallbackAt,
  pruneEvents,
  recentEvents,
  replayEvents,
} from './events/event-store.ts'
import * as runs from './runs/run-store.ts'
import { startWorker, type Worker } from './worker/worker.ts'

/** Keeps every corp's mirror equal to WeCom. */
export type Sync = {
  start(): Promise<void>
  kick(corpId: string): void
  /** Resolves when nothing is left to do for the corp on this node. */
  drain(corpId: string): Promise<void>
  stop(): Promise<void>
}

const keptDays = 30
const dayMs = 86_400_000

export function createSync(ctx: Context): Sync {
  const workers = new Map<string, Worker>()
  let isStopped = false

  function watch() {
    if (isStopped) return
    for (const { corpId } of ctx.corps.all()) {
      if (!workers.has(corpId)) workers.set(corpId, startWorker(ctx, corpId))
    }
  }

  function kick(corpId: string) {
    watch()
    workers.get(corpId)?.kick()
  }

  return {
    kick,
    async start() {
      const kickAll = () => {
        for (const { corpId } of ctx.corps.all()) kick(corpId)
      }
      await ctx.database.bus.listen('wisp_inbox', kick, kickAll)
      await ctx.database.bus.listen('wisp_sync', kick, kickAll)
      await ctx.jobs.schedule('nightly', ctx.config.nightly, () => nightly(ctx))
      watch()
    },
    async drain(corpId) {
      for (;;) {
        const worker = workers.get(corpId)
        if (await worker?.isIdle()) return
        worker?.kick()
        await new Promise(resolve => setTimeout(resolve, 15))
      }
    },
    async stop() {
      isStopped = true
      await Promise.all([...workers.values()].map(worker => worker.stop()))
    },
  }
}

/** Reconciles every corp, and lets go of what is older than is kept. */
async function nightly(ctx: Context): Promise<void> {
  for (const { corpId } of ctx.corps.all()) {
    await requestSync(ctx, 'nightly', corpId, 'reconcile').catch(error => {
      ctx.log.error({ corpId, ...describeError(error) }, 'nightly reconcile not started')
    })
  }
  const before = new Date(ctx.now() - keptDays * dayMs)
  await pruneEvents(ctx.db, before)
  await pruneDirectory(ctx, before)
  await runs.pruneRuns(ctx.db, before)
}

/** Starts a run, or answers the one that is open. */
export async function requestSync(
  ctx: Context,
  actor: string,
  corpId: string,
  kind: runs.RunKind,
): Promise<number> {
  ctx.corps.get(corpId)
  const id = await ctx.db.transaction().execute(async tx => {
    const run = await runs.requestRun(tx, { corpId, kind, requestedBy: actor }, new Date(ctx.now()))
    await record(tx, ctx, { corpId, actor, act: `sync.${kind}`, target: String(run), detail: {} })
    await signal(tx, 'wisp_sync', corpId)
    return run
  })
  ctx.sync.kick(corpId)
  return id
}

/** Lets a run that would delete much go on; it reads everything again first. */
export async function approveRun(ctx: Context, actor: string, corpId: string, id: number): Promise<void> {
  const run = await runs.findRun(ctx.db, corpId, id)
  if (run?.state !== 'approval')
    throw new ApiError('badParameter', {
      zh: `同步 ${id} 不在待批准状态`,
      en: `sync run ${id} is not waiting for approval`,
    })
  if (await runs.openRun(ctx.db, corpId))
    throw new ApiError('badParameter', {
      zh: '另一次同步正在进行，请稍后再批准',
      en: 'another sync run is under way: approve this one later',
    })
  await ctx.db.transaction().execute(async tx => {
    const now = new Date(ctx.now())
    await runs.updateRun(tx, id, { state: 'waiting', approved: true, error: null, finishedAt: null }, now)
    await record(tx, ctx, { corpId, actor, act: 'sync.approve', target: String(id), detail: {} })
    await signal(tx, 'wisp_sync', corpId)
  })
  ctx.sync.kick(corpId)
}

/**
 * Ends a run, also one under way: what it wrote so far stays, for it is what WeCom says. Throws 1000 when it has ended.
 */
export async function cancelRun(ctx: Context, actor: string, corpId: string, id: number): Promise<void> {
  const why = { zh: `由 ${actor} 取消`, en: `cancelled by ${actor}` }
  await ctx.db.transaction().execute(async tx => {
    if (!(await runs.cancelRun(tx, corpId, id, why, new Date(ctx.now()))))
      throw new ApiError('badParameter', {
        zh: `同步 ${id} 不存在或已结束，不能取消`,
        en: `sync run ${id} cannot be cancelled: it does not exist or has ended`,
      })
    await runs.dropPages(tx, id)
    await record(tx, ctx, { corpId, actor, act: 'sync.cancel', target: String(id), detail: {} })
    await signal(tx, 'wisp_sync', corpId)
  })
  ctx.sync.kick(corpId)
}

/** Opens a range of events again; answers how many. */
export async function replay(
  ctx: Context,
  actor: string,
  corpId: string,
  from: number,
  to: number,
): Promise<number> {
  const count = await ctx.db.transaction().execute(async tx => {
    const opened = await replayEvents(tx, corpId, from, to, new Date(ctx.now()))
    await record(tx, ctx, { corpId, actor, act: 'sync.replay', target: `${from}-${to}`, detail: { opened } })
    await signal(tx, 'wisp_inbox', corpId)
    return opened
  })
  ctx.sync.kick(corpId)
  return count
}

/** Where a corp's mirror stands. */
export async function syncStatus(ctx: Context, corpId: string) {
  const corp = ctx.corps.get(corpId)
  const mirror = ctx.mirrors.of(corpId)
  const [recent, inbox, lastEventAt] = await Promise.all([
    runs.recentRuns(ctx.db, corpId, 5),
    inboxState(ctx.db, corpId),
    lastCallbackAt(ctx.db, corpId),
  ])
  return {
    corpId,
    regime: corp.regime,
    departments: mirror.tree.order.length,
    members: mirror.members.size,
    tags: mirror.tags.size,
    changeSeq: mirror.seq,
    callbackVerifiedAt: corp.callbackVerifiedAt,
    lastEventAt: lastEventAt ?? null,
    inbox,
    runs: recent,
  }
}

/** The last events of a corp, newest first. */
export function listEvents(ctx: Context, corpId: string, state: string | undefined, limit: number) {
  ctx.corps.get(corpId)
  return recentEvents(ctx.db, corpId, state, limit)
}

/** One event with what WeCom sent and what it says. Throws 1000. */
export async function describeEvent(ctx: Context, corpId: string, id: number) {
  ctx.corps.get(corpId)
  const event = await eventView(ctx.db, corpId, id)
  if (!event) throw new ApiError('badParameter', { zh: `没有事件 ${id}`, en: `there is no event ${id}` })
  return event
}

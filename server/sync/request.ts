import { record } from '../audit/audit.ts'
import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import { ApiError } from '../http/errors.ts'
import { signal } from '../storage/bus.ts'
import { replayEvents } from './events/event-store.ts'
import * as runs from './runs/run-store.ts'
import type { Sync } from './sync.ts'

type Needs = Core & { sync: Sync }

/** Starts a run, or answers the one that is open. */
export async function requestSync(
  ctx: Core & { corps: Corps; sync: Sync },
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
export async function approveRun(ctx: Needs, actor: string, corpId: string, id: number): Promise<void> {
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
export async function cancelRun(ctx: Needs, actor: string, corpId: string, id: number): Promise<void> {
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
  ctx: Needs,
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

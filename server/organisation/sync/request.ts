import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import type { Corps } from '../corps/corps.ts'
import { hastenOutage } from './outage-store.ts'
import * as runs from './runs/run-store.ts'

type Needs = Core & { queue: Queue }

/** Requests a run and returns its id, or the id of the run that is already open. */
export function requestSync(
  ctx: Needs & { corps: Corps },
  actor: string,
  corpId: string,
  kind: runs.RunKind,
): Promise<number> {
  return request(ctx, actor, corpId, kind, () => {})
}

/** `requestSync` within a transaction of the caller, who kicks the queue after its commit. */
export async function requestSyncIn(
  tx: Db,
  ctx: Core,
  actor: string,
  corpId: string,
  kind: runs.RunKind,
): Promise<number> {
  const run = await runs.requestRun(tx, { corpId, kind, requestedBy: actor }, new Date(ctx.now()))
  await record(tx, ctx, { corpId, actor, act: `sync.${kind}`, target: String(run), detail: {} })
  await wakeDirectory(ctx, tx, corpId)
  return run
}

/** Requests a run of this kind and nothing else. Throws 1000 while a run of another kind is open. */
export function startSync(
  ctx: Needs & { corps: Corps },
  actor: string,
  corpId: string,
  kind: runs.RunKind,
): Promise<number> {
  return request(ctx, actor, corpId, kind, async (tx, id) => {
    const run = await runs.findRun(tx, corpId, id)
    if (run && run.kind !== kind) throw otherRun(run)
    // Somebody waits for it, so that WeCom is asked now.
    await hastenOutage(tx, corpId, new Date(ctx.now()))
    ctx.answering.hasten()
  })
}

async function request(
  ctx: Needs & { corps: Corps },
  actor: string,
  corpId: string,
  kind: runs.RunKind,
  check: (tx: Db, id: number) => void | Promise<void>,
): Promise<number> {
  ctx.corps.get(corpId)
  const id = await ctx.db.transaction().execute(async tx => {
    const run = await requestSyncIn(tx, ctx, actor, corpId, kind)
    await check(tx, run)
    return run
  })
  ctx.queue.kick(corpId)
  return id
}

function otherRun({ id, kind }: runs.Run): ApiError {
  const name = kindNames[kind]
  return new ApiError('badParameter', {
    zh: told`${own(name.zh)} #${id} 正在进行，请等它结束后再试`,
    en: told`${own(name.en)} #${id} is under way: try again when it has ended`,
  })
}

const kindNames: Record<runs.RunKind, Words> = {
  full: { zh: '全量同步', en: 'full sync' },
  reconcile: { zh: '核对', en: 'check' },
  'dry-run': { zh: '试运行', en: 'dry run' },
}

/**
 * Lets a run that stopped before many deletions continue; it reads everything again first.
 * @throws ApiError 1000 if it does not wait for approval, or another run is under way.
 */
export async function approveRun(ctx: Needs, actor: string, corpId: string, id: number): Promise<void> {
  const run = await runs.findRun(ctx.db, corpId, id)
  if (run?.state !== 'approval')
    throw new ApiError('badParameter', {
      zh: told`同步 ${id} 不在待批准状态`,
      en: told`sync run ${id} is not waiting for approval`,
    })
  if (await runs.openRun(ctx.db, corpId))
    throw new ApiError('badParameter', {
      zh: '另一次同步正在进行，没有批准；请等它结束后再批准',
      en: 'another sync run is under way, and this one was not approved: approve it when that has ended',
    })
  await ctx.db.transaction().execute(async tx => {
    const now = new Date(ctx.now())
    await checkAlerts(ctx, tx, corpId)
    await hastenOutage(tx, corpId, now)
    await runs.updateRun(tx, id, { state: 'waiting', approved: true, error: null, finishedAt: null }, now)
    await record(tx, ctx, { corpId, actor, act: 'sync.approve', target: String(id), detail: {} })
    await wakeDirectory(ctx, tx, corpId)
  })
  ctx.queue.kick(corpId)
}

/**
 * Cancels a run, even one under way. What it has written stays, because that is WeCom's state. Throws 1000 when the run has
 * already ended.
 */
export async function cancelRun(ctx: Needs, actor: string, corpId: string, id: number): Promise<void> {
  const why = { zh: `由 ${actor} 取消`, en: `cancelled by ${actor}` }
  await ctx.db.transaction().execute(async tx => {
    await checkAlerts(ctx, tx, corpId)
    // Lock the task before the run, in the same order as a run that notes its progress, to avoid deadlocks.
    await wakeDirectory(ctx, tx, corpId)
    if (!(await runs.cancelRun(tx, corpId, id, why, new Date(ctx.now()))))
      throw new ApiError('badParameter', {
        zh: told`同步 ${id} 不存在或已结束，不能取消`,
        en: told`sync run ${id} cannot be cancelled: it does not exist or has ended`,
      })
    await runs.dropPages(tx, id)
    await record(tx, ctx, { corpId, actor, act: 'sync.cancel', target: String(id), detail: {} })
  })
  ctx.queue.kick(corpId)
}

/** Call it in the transaction that opens a run or reopens events. */
export async function wakeDirectory(ctx: Core, tx: Db, corpId: string): Promise<void> {
  await enqueue(tx, [{ corpId, stream: 'directory' }], new Date(ctx.now()))
}

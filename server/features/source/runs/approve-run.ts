import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { wordsToStore } from '../../../platform/words.ts'
import { asksForLeavers, type Counts, leaversOf, writesOf } from '../plan/changes.ts'
import { findSource, lockSource, type SourceRow } from '../source-store.ts'
import { sourceStream } from '../stream.ts'
import { auditedCounts } from './make-preview.ts'
import { findRun, lockRun, openRows, progressOf, type Run, setRun } from './run-store.ts'
import { readPresent } from './truth.ts'

export type ApproveNeeds = Core & { corps: Corps; offered: FeatureOffers }

/** A preview that is older is refused: what it says may be true no more. */
export const previewHours = 24
const rowsAtOnce = 1000

/** Throws 1000. */
export async function knownRun(db: Db, corpId: string, id: number): Promise<Run> {
  const run = await findRun(db, corpId, id)
  if (!run) throw noRun(id)
  return run
}

function noRun(id: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有这次运行 ${String(id)}`,
    en: told`there is no run ${String(id)}`,
  })
}

/**
 * Has a preview written, if it is still true. Where too many leave, `leavers` says how many the caller saw. Throws 1000 with the reason, 1009
 * where the feature is off.
 */
export async function approveRun(
  ctx: ApproveNeeds,
  actor: string,
  corpId: string,
  id: number,
  { leavers }: { leavers?: number | undefined } = {},
): Promise<void> {
  checkOn(ctx, corpId, 'people-source')
  const run = await knownRun(ctx.db, corpId, id)
  checkPreview(ctx, run)
  checkLeavers(run.counts, leavers)
  const untrue = await countUntrue(ctx, run)
  if (untrue > 0) throw overtaken(untrue)
  await ctx.db.transaction().execute(async tx => {
    const source = await lockSource(tx, corpId, run.sourceId)
    const now = await lockRun(tx, corpId, id)
    if (!now || !source) throw noRun(id)
    checkPreview(ctx, now)
    if (source.version !== now.version)
      throw new ApiError('badParameter', {
        zh: '预览之后人事源的设置改了；没有写入，请重新预览',
        en: 'the settings of the source changed since the preview; nothing was written: make another preview',
      })
    await beginWriting(ctx, tx, source, now, actor)
  })
}

/** In the transaction that decides it, with source and run locked. */
export async function beginWriting(
  ctx: Core,
  tx: Db,
  source: SourceRow,
  run: Run,
  actor: string,
): Promise<void> {
  const { corpId, id } = run
  const at = new Date(ctx.now())
  await setRun(tx, run, { state: 'writing', approvedAt: at, approvedBy: actor })
  await record(tx, ctx, {
    corpId,
    actor,
    act: 'source.approve',
    target: `source:${source.id}`,
    targetName: source.name,
    detail: { 'source.run': id, ...auditedCounts(run.counts) },
  })
  await checkAlerts(ctx, tx, corpId)
  await enqueue(tx, [{ corpId, stream: sourceStream }], at)
}

/** Ends a preview without writing it, or a run that is being written: what was written stays. Throws 1000. */
export async function refuseRun(ctx: Core, actor: string, corpId: string, id: number): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const run = await lockRun(tx, corpId, id)
    if (!run) throw noRun(id)
    if (run.state !== 'writing') checkIs(run, 'preview')
    const source = await findSource(tx, corpId, run.sourceId)
    const at = new Date(ctx.now())
    const why =
      run.state === 'writing'
        ? { zh: '写入时被停止；已写入的保持不变', en: 'was stopped; what was written stays' }
        : { zh: '没有批准', en: 'was not approved' }
    const progress = await progressOf(tx, run)
    await setRun(tx, run, {
      state: 'refused',
      endedAt: at,
      progress,
      failingSince: null,
      failure: wordsToStore(why),
    })
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'source.refuse',
      target: `source:${run.sourceId}`,
      targetName: source?.name ?? '',
      detail: { 'source.run': id },
    })
    await checkAlerts(ctx, tx, corpId)
  })
}

/** Whether a run may be written by the plan, without asking anybody. */
export function isAutomatic({ settings }: SourceRow, counts: Counts): boolean {
  return settings.approval === 'auto' && writesOf(counts) <= settings.autoAtMost && !asksForLeavers(counts)
}

function checkPreview(ctx: Core, run: Run): void {
  checkIs(run, 'preview')
  if (ctx.now() - run.madeAt.getTime() > previewHours * 3_600_000)
    throw new ApiError('badParameter', {
      zh: told`预览超过 ${own(previewHours)} 小时，没有写入；请重新预览`,
      en: told`the preview is older than ${own(previewHours)} hours; nothing was written: make another one`,
    })
}

const stateWords = {
  preview: { zh: '等待批准', en: 'waits for approval' },
  writing: { zh: '正在写入', en: 'is being written' },
  done: { zh: '已写完', en: 'was written' },
  refused: { zh: '已作废', en: 'was refused' },
}

function checkIs(run: Run, state: Run['state']): void {
  if (run.state === state) return
  const { zh, en } = stateWords[run.state]
  throw new ApiError('badParameter', {
    zh: told`这次运行${own(zh)}，不能这样做`,
    en: told`this run ${own(en)}, so this cannot be done`,
  })
}

function checkLeavers(counts: Counts, seen: number | undefined): void {
  const [leavers, before] = [leaversOf(counts), counts.before]
  if (!asksForLeavers(counts) || seen === leavers) return
  throw new ApiError('badParameter', {
    zh: told`这次有 ${own(leavers)} 人离职（共 ${own(before)} 人），超过 20 人或 5%；没有写入。核对名单后，把离职人数 ${own(leavers)} 填入 leavers 再批准`,
    en: told`${own(leavers)} of ${own(before)} people leave, more than 20 or 5 %; nothing was written. Look at them, then approve with leavers ${own(leavers)}`,
  })
}

/** How many rows found somebody or something else than the preview did. */
async function countUntrue(ctx: ApproveNeeds, run: Run): Promise<number> {
  const isRestricted = ctx.corps.get(run.corpId).regime === 'restricted'
  let untrue = 0
  for (let after = 0; ; ) {
    const rows = await openRows(ctx.db, run, after, rowsAtOnce)
    if (rows.length === 0) return untrue
    const present = await readPresent(ctx.db, run, rows, isRestricted)
    untrue += rows.filter(row => present.truthOf(row) === 'other').length
    after = rows.at(-1)?.n ?? after
  }
}

function overtaken(count: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`预览之后通讯录变了，${own(count)} 行与预览不符；没有写入，请重新预览`,
    en: told`the address book changed since the preview, and ${own(count)} rows are other than it says; nothing was written: make another preview`,
  })
}

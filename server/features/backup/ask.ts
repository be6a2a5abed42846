import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told, wordsOfOthers } from '../../platform/http/told.ts'
import { BackupError } from './backup-error.ts'
import type { StoredFile } from './places/place.ts'
import type { S3PlaceOptions } from './places/s3.ts'
import { type PlaceNeeds, placeOf } from './plan/plan.ts'
import { readPlan } from './plan/plan-store.ts'
import { askTrial, wakeNodes } from './runs/backups.ts'
import { addRun, goodRuns, readRun } from './runs/run-store.ts'

/** A backup by the plan's settings, as soon as a node takes it. Returns its id. Throws 1000. */
export async function askBackup(ctx: Core, actor: string): Promise<number> {
  return ctx.db.transaction().execute(async tx => {
    const plan = await readPlan(tx)
    if (!plan) throw noPlan()
    const dueAt = new Date(ctx.now())
    const { place } = plan
    const id = await addRun(tx, { place, reason: 'asked', askedBy: actor, attempt: 1, dueAt })
    await record(tx, ctx, { corpId: null, actor, act: 'backup.ask', target: place, detail: {} })
    await wakeNodes(tx)
    return id
  })
}

function noPlan(): ApiError {
  return new ApiError('badParameter', {
    zh: '还没有备份计划：请先说明备份到哪里',
    en: 'there is no backup plan yet: say first where backups go',
  })
}

/** A restore test of this backup, or of the last good one, as soon as a node takes it. Returns its id. Throws 1000. */
export async function askTest(ctx: Core, actor: string, runId: number | undefined): Promise<number> {
  return ctx.db.transaction().execute(async tx => {
    const run = runId === undefined ? (await goodRuns(tx))[0] : await readRun(tx, runId)
    if (run?.state !== 'good')
      throw new ApiError('badParameter', {
        zh: told`没有可以演练的备份 ${runId}`,
        en: told`there is no backup ${runId} that could be tested`,
      })
    const id = await askTrial({ db: tx, now: ctx.now }, run, actor)
    await wakeNodes(tx)
    return id
  })
}

/** `runId` is null for what another installation wrote there, or this one before it was restored: it is never deleted. */
export type PlaceFile = StoredFile & { runId: number | null }

/** Returns the files in the plan's place at this moment, and which backups are gone. @throws ApiError 1000, 1011 */
export async function filesThere(
  ctx: Core & PlaceNeeds,
  options: S3PlaceOptions = {},
): Promise<{ address: string; files: PlaceFile[]; missing: string[] }> {
  const plan = await readPlan(ctx.db)
  if (!plan) throw noPlan()
  const place = placeOf(ctx, plan, options)
  try {
    const runs = await goodRuns(ctx.db, place.address)
    const files = await place.list()
    const idOf = new Map(runs.map(run => [run.name, run.id]))
    const names = new Set(files.map(one => one.name))
    return {
      address: place.address,
      files: files
        .map(one => ({ ...one, runId: idOf.get(one.name) ?? null }))
        .toSorted((a, b) => b.at.getTime() - a.at.getTime()),
      missing: runs.map(run => run.name).filter(name => !names.has(name)),
    }
  } catch (error) {
    throw asUpstream(error)
  } finally {
    await place.close()
  }
}

/** What a place said, as an answer to a call. */
export function asUpstream(error: unknown): unknown {
  return error instanceof BackupError ? new ApiError('upstream', wordsOfOthers(error.words)) : error
}

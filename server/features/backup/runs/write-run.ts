/**
 * A backup counts when its row says so. A run is a row with a lease. Its file appears whole or not at all, under a name and
 * with a mark that the row had before, and only files that carry both are ever deleted. Nothing is deleted while the newest
 * backup or the last restore test has failed. A restored database has its plan switched off, so that a copy never writes into
 * the place of the original.
 */

import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { newSalt } from '../../../platform/security/sealed-frames.ts'
import { streamBackup } from '../backup.ts'
import { BackupError } from '../backup-error.ts'
import type { Footer } from '../dump-store.ts'
import { noteBackup } from '../last-backup.ts'
import { type BackupPlace, backupName } from '../places/place.ts'
import type { Plan } from '../plan/plan-store.ts'
import { sealingStream } from '../proof/sealed-backup.ts'
import { lastTrial } from '../restore-test/test-store.ts'
import { LeaseGone } from './lease.ts'
import { removeFile, staying } from './rotate.ts'
import * as store from './run-store.ts'

/**
 * Writes one backup into the place, encrypted, and what is no longer kept is deleted. Nothing counts as a backup before its place has
 * all of it and the row says so. Throws what the dump and the place throw.
 */
export async function writeRun(
  ctx: Core,
  run: store.Run,
  { plan, place, signal }: { plan: Plan; place: BackupPlace; signal: AbortSignal },
): Promise<void> {
  const startedAt = new Date(ctx.now())
  const [name, salt] = [backupName(startedAt, run.id), newSalt()]
  const mark = salt.toString('hex')
  const { address } = place
  const named = { address, name, mark, keyFingerprint: ctx.seal.fingerprint }
  if (!(await store.nameRun(ctx.db, run.id, ctx.nodeId, named))) throw new LeaseGone()
  const failed = await store.failedRuns(ctx.db, address)
  await place.tidy(new Set(failed.map(one => one.name)))
  const { footer, size } = await pour(ctx, place, name, sealingStream(ctx.seal, salt), signal)
  const rows = Object.values(footer.rows).reduce((sum, one) => sum + one, 0)
  const end = { state: 'good', bytes: size, rows, sha256: footer.sha256 } as const
  const isMine = await ctx.db.transaction().execute(async tx => {
    if (!(await store.endRun(tx, run.id, ctx.nodeId, end, new Date(ctx.now())))) return false
    await noteBackup(tx, ctx.now())
    const detail = { sha256: footer.sha256 }
    await record(tx, ctx, { corpId: null, actor: run.askedBy, act: 'backup', target: name, detail })
    return true
  })
  if (!isMine) {
    await removeFile(place, { name, mark })
    throw new LeaseGone()
  }
  await rotate(ctx, run.id, plan, place)
}

/** Dump and place run at the speed of the slower one, and what ends one of them ends the other. */
async function pour(
  ctx: Core,
  place: BackupPlace,
  name: string,
  sealing: ReturnType<typeof sealingStream>,
  signal: AbortSignal,
): Promise<{ footer: Footer; size: number }> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const out = sealing.pipe(new PassThrough())
  sealing.on('error', error => out.destroy(error))
  // Whoever reads has it from the stream; nobody may be reading any more.
  out.on('error', () => undefined)
  const fail = (error: unknown) => {
    failed.abort(error)
    sealing.destroy()
    out.destroy(error as Error)
    throw error
  }
  const dumping = streamBackup(ctx, sealing, { signal: either })
    .then(async footer => {
      sealing.end()
      await finished(sealing, { readable: false })
      return footer
    })
    .catch(fail)
  const putting = place.put(name, out, either).catch(fail)
  const [dumped, put] = await Promise.allSettled([dumping, putting])
  signal.throwIfAborted()
  if (failed.signal.aborted) throw failed.signal.reason
  if (dumped.status === 'rejected') throw dumped.reason
  if (put.status === 'rejected') throw put.reason
  return { footer: dumped.value, size: put.value.size }
}

/** Deletes what is no longer kept, while the latest backup is good, and so was the last restore test. Never throws. */
async function rotate(ctx: Core, runId: number, plan: Plan, place: BackupPlace): Promise<void> {
  try {
    if ((await lastTrial(ctx.db))?.state === 'failed')
      throw new BackupError(
        '上次恢复演练失败，旧备份都留着；演练成功后才会删除',
        'the last restore test failed, so older backups all stay; they are deleted after one that succeeds',
      )
    // A node may have died between the end of a file and that of its row.
    for (const run of await store.failedRuns(ctx.db, place.address)) {
      await removeFile(place, run)
      await store.forgetName(ctx.db, run.id)
    }
    const runs = await store.goodRuns(ctx.db, place.address)
    const kept = staying(runs, plan)
    const tested = (await lastTrial(ctx.db, 'good'))?.runId
    const names: string[] = []
    for (const run of runs) {
      if (kept.has(run.id) || run.id === tested) continue
      const wasThere = await removeFile(place, run)
      await store.markGone(ctx.db, run.id, wasThere ? 'removed' : 'missing')
      if (wasThere) names.push(run.name)
    }
    if (names.length > 0) {
      const detail = { names }
      const act = {
        corpId: null,
        actor: 'wisp',
        act: 'backup.remove' as const,
        target: place.address,
        detail,
      }
      await record(ctx.db, ctx, act)
    }
  } catch (error) {
    ctx.log.warn(describeError(error), 'older backups not deleted')
    await store.noteRotation(ctx.db, runId, wordsOf(error)).catch(() => undefined)
  }
}

/** Why something failed, as administrators are told. */
export function wordsOf(error: unknown): { zh: string; en: string } {
  if (error instanceof BackupError) return error.words
  const message = error instanceof Error ? error.message : String(error)
  return { zh: message, en: message }
}

import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { wordsToStore } from '../../../platform/words.ts'
import { heldOf } from '../person-store.ts'
import { type Change, type ChangeKind, countChanges, type FieldChange } from '../plan/changes.ts'
import type { Problem } from '../plan/problems.ts'
import { lockSource } from '../source-store.ts'
import { auditedCounts, rowsOf } from './make-preview.ts'
import {
  doneRows,
  findRun,
  insertRows,
  insertRun,
  lockRun,
  type Run,
  type RunRow,
  refusePreviews,
} from './run-store.ts'

const rowsAtOnce = 2000

/** What takes a row back; undefined for what WeCom cannot. */
const opposite: Record<ChangeKind, ChangeKind | undefined> = {
  join: 'delete',
  leave: 'return',
  return: 'leave',
  move: 'move',
  change: 'change',
  leader: 'change',
  'department-add': 'department-remove',
  'department-set': 'department-set',
  delete: undefined,
  'department-remove': undefined,
  adopt: undefined,
  'department-adopt': undefined,
  drift: undefined,
}

const cannot = {
  zh: '不能撤回：企业微信删除后不能恢复原来的成员或部门',
  en: 'cannot be undone: WeCom does not bring back what was deleted',
}
const newer = { zh: '有了撤回的预览', en: 'there is the preview of an undo' }

/**
 * Stores what takes a run back, as a preview: it is approved and written as any other, and a row that was changed since is left alone. Whom
 * the run made is deleted. Throws 1000.
 */
export async function undoRun(ctx: Core, actor: string, corpId: string, runId: number): Promise<number> {
  return ctx.db.transaction().execute(async tx => {
    const seen = await findRun(tx, corpId, runId)
    const source = seen && (await lockSource(tx, corpId, seen.sourceId))
    const run = await lockRun(tx, corpId, runId)
    if (!run || (run.state !== 'done' && run.state !== 'refused'))
      throw new ApiError('badParameter', {
        zh: told`只能撤回已写完或已停止的运行；${String(runId)} 不是`,
        en: told`only a run that was written or stopped can be undone, which ${String(runId)} was not`,
      })
    if (!source) throw new Error(`run ${runId} has no source`)
    const { changes, problems } = await reversed(tx, run)
    if (changes.length === 0)
      throw new ApiError('badParameter', {
        zh: '这次运行没有可以撤回的行',
        en: 'this run has no row that can be undone',
      })
    const at = new Date(ctx.now())
    const { sourceId } = run
    await refusePreviews(tx, run, wordsToStore(newer), at)
    const counts = countChanges(changes, {
      people: 0,
      problems: problems.length,
      strangers: 0,
      before: run.counts.before,
    })
    const { version } = source
    const made = {
      corpId,
      sourceId,
      kind: 'undo',
      version,
      counts,
      undoOf: runId,
      madeAt: at,
      madeBy: actor,
    } as const
    const id = await insertRun(tx, made)
    const rows = rowsOf(changes, problems)
    for (let n = 0; n < rows.length; n += rowsAtOnce)
      await insertRows(tx, { corpId, id }, rows.slice(n, n + rowsAtOnce))
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'source.undo',
      target: `source:${sourceId}`,
      targetName: source.name,
      detail: { 'source.run': runId, ...auditedCounts(counts) },
    })
    await checkAlerts(ctx, tx, corpId)
    return id
  })
}

async function reversed(tx: Core['db'], run: Run): Promise<{ changes: Change[]; problems: Problem[] }> {
  const changes: Change[] = []
  const problems: Problem[] = []
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = await doneRows(tx, run, Math.min(before, 2_147_483_647), rowsAtOnce)
    const keys = rows.flatMap(one => (one.kind === 'join' ? one.key : []))
    const held = new Map((await heldOf(tx, run, keys)).map(one => [one.key, one]))
    for (const row of rows) {
      const kind = opposite[row.kind as ChangeKind]
      // Whoever has the userid of somebody who is gone is somebody else.
      const joined = row.kind === 'join' ? held.get(row.key) : undefined
      if (row.kind === 'join' && !joined) continue
      if (kind && joined)
        changes.push(turned({ ...row, memberId: joined.memberId, userId: joined.userId }, kind))
      else if (kind) changes.push(turned(row, kind))
      else if (row.kind === 'delete' || row.kind === 'department-remove')
        problems.push({ line: 0, key: row.key || row.userId, why: cannot })
    }
    before = rows.at(-1)?.n ?? 0
    if (rows.length < rowsAtOnce) return { changes, problems }
  }
}

function turned({ key, userId, memberId, departmentId, name, fields }: RunRow, kind: ChangeKind): Change {
  const swapped = Object.entries(fields).map(([field, change]) => {
    const [before, after] = change as FieldChange
    return [field, [after, before] as const]
  })
  return {
    kind,
    line: 0,
    key,
    userId,
    ...(memberId === null ? {} : { memberId }),
    ...(departmentId === null ? {} : { departmentId }),
    name,
    fields: kind === 'delete' ? {} : Object.fromEntries(swapped),
    notes: [],
  }
}

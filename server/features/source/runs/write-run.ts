import pLimit from 'p-limit'
import type { Corp, Corps } from '../../../organisation/corps/corps.ts'
import type { Department } from '../../../organisation/directory/entities.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { memberPut, type Operation } from '../../../organisation/directory/write/plan.ts'
import { writeDirectory } from '../../../organisation/directory/write/writer.ts'
import { afterWrite } from '../../../organisation/sync/events/after-write.ts'
import { failureWords } from '../../../organisation/sync/failure.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { holdLease } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { wordsToStore } from '../../../platform/words.ts'
import { dropBinding, forgetPeople, putBindings, putPeople, type WrittenPerson } from '../person-store.ts'
import type { Values } from '../plan/fields.ts'
import { isStranger, keyOfStranger } from '../plan/read-record.ts'
import { findSource } from '../source-store.ts'
import { auditedCounts } from './make-preview.ts'
import { mirroredMember } from './members.ts'
import {
  departmentsNotMade,
  findRun,
  lockRun,
  markSending,
  nextRows,
  noteStopped,
  progressOf,
  putResults,
  type Run,
  type RunRow,
  setRun,
} from './run-store.ts'
import { type Present, readPresent } from './truth.ts'
import { type MissingDepartments, type Outcome, overtakenWords, writeRow } from './write-row.ts'

export type WriteNeeds = Core & { corps: Corps; mirrors: Mirrors; inbox: Inbox; offered: FeatureOffers }

/** Departments go one after the other, since each may be below the one before. */
const rowsAtOnce = { departments: 1, people: 40, nothing: 1000 }
/** Calls of one corp under way; others of the corp need the rest. */
const callsAtOnce = 6
/** Then other corps have their turn, and other sources of the corp. */
const turnMs = 60_000
/** After a refusal that is of all rows, WeCom is asked again so much later; a limit lasts a minute. */
const againMs = { soon: 60_000, refused: 600_000 }

/**
 * Writes the rows of an approved run, batch by batch: what is being sent is stored before it leaves, and the results with what follows from
 * them in one transaction, under the lease. Returns when to go on, or undefined when the run has ended.
 */
export async function writeRun(ctx: WriteNeeds, held: ActiveTask, run: Run): Promise<Date | undefined> {
  const { corpId } = run
  const until = ctx.now() + turnMs
  // No other node writes rows of this run meanwhile.
  const notMade = await departmentsNotMade(ctx.db, run)
  while (!held.signal.aborted && ctx.now() < until) {
    const corp = ctx.corps.find(corpId)
    // Somebody may have stopped it.
    if (!corp || (await findRun(ctx.db, corpId, run.id))?.state !== 'writing') return undefined
    const rows = await nextBatch(ctx.db, run)
    if (rows.length === 0) {
      await endRun(ctx, held, run)
      return undefined
    }
    const isRestricted = corp.regime === 'restricted'
    const present = await readPresent(ctx.db, run, rows, isRestricted)
    if (!(await areSending(ctx, held, run, rows))) return undefined
    const limit = pLimit(callsAtOnce)
    let refusal: Refusal | undefined
    const outcomes = await Promise.all(
      rows.map(row =>
        limit(async () => {
          // What WeCom refused one for it would refuse all for, and each refusal counts against its limits.
          if (refusal) return unsent(row, refusal.error)
          const outcome = await writeUnlessStopped(corp, row, present, notMade, held.signal)
          if ('error' in outcome) refusal ??= outcome
          return outcome
        }),
      ),
    )
    const results = rows.map((row, index) => ({ row, outcome: outcomes[index] as Outcome }))
    for (const { row, outcome } of results)
      if (row.kind === 'department-add' && ['failed', 'overtaken'].includes(outcome.state))
        notMade.set(row.departmentId ?? 0, row.name)
    const stop = results.flatMap(({ outcome }) => ('error' in outcome ? outcome.error : []))[0]
    await settle(ctx, held, { run, corp, present, results, stop })
    if (stop) return new Date(ctx.now() + (isPassing(stop) ? againMs.soon : againMs.refused))
  }
  return new Date(ctx.now())
}

const isPassing = (error: Error): boolean =>
  !('kind' in error) || ['busy', 'limit'].includes(String(error.kind))

async function nextBatch(db: Db, run: Run): Promise<RunRow[]> {
  const [first] = await nextRows(db, run, 1)
  if (!first) return []
  if (first.departmentId !== null) return [first]
  return nextRows(db, run, first.kind === 'adopt' ? rowsAtOnce.nothing : rowsAtOnce.people)
}

/** Stores that rows are about to leave; false where the run was stopped meanwhile. */
function areSending(ctx: WriteNeeds, held: ActiveTask, run: Run, rows: readonly RunRow[]): Promise<boolean> {
  return ctx.db.transaction().execute(async tx => {
    if ((await lockRun(tx, run.corpId, run.id))?.state !== 'writing') return false
    await markSending(
      tx,
      run,
      rows.map(one => one.n),
    )
    await holdLease(tx, held.lease)
    return true
  })
}

/** A row that has not been sent when the node stops stays as it is; whoever goes on takes it for sent, which does no harm. */
async function writeUnlessStopped(
  corp: Corp,
  row: RunRow,
  present: Present,
  notMade: MissingDepartments,
  signal: AbortSignal,
): Promise<Outcome> {
  signal.throwIfAborted()
  return writeRow(corp.contact, row, present, notMade)
}

type Refusal = Extract<Outcome, { error: Error }>

/** A row that a node before this one was sending may have been written. */
const unsent = (row: RunRow, error: Refusal['error']): Outcome => ({
  state: row.state === 'sending' ? 'unclear' : 'later',
  error,
})

type Result = { row: RunRow; outcome: Outcome }
/** `stop`: why the run goes on later. */
type Batch = { run: Run; corp: Corp; present: Present; results: readonly Result[]; stop: Error | undefined }

/** Stores what became of the rows, whose they are now, and what is to be read again; WeCom calls back nothing of it. */
async function settle(
  ctx: WriteNeeds,
  held: ActiveTask,
  { run, corp, present, results, stop }: Batch,
): Promise<void> {
  const { corpId } = run
  const at = new Date(ctx.now())
  const write = async (tx: Db): Promise<void> => {
    await putResults(tx, run, results.map(stored), at)
    await noteWritten(tx, run, present, results, at)
    // It was stopped while these rows were under way.
    if ((await lockRun(tx, corpId, run.id))?.state === 'refused')
      await setRun(tx, run, { progress: await progressOf(tx, run) })
    if (stop) {
      await noteStopped(tx, run, wordsToStore(failureWords(stop)), at)
      await checkAlerts(ctx, tx, corpId)
    } else if (run.failingSince) {
      await setRun(tx, run, { failingSince: null, failure: null })
      await checkAlerts(ctx, tx, corpId)
      run.failingSince = null
    }
    for (const { row, outcome } of results) {
      const entity = entityOf(row, outcome)
      const kind = 'read_again'
      if (entity) await ctx.inbox.remind(tx, { corpId, stream: 'directory', kind, entity, isHint: false })
    }
    await holdLease(tx, held.lease)
  }
  const operations = corp.regime === 'restricted' ? results.flatMap(one => mirrored(one, present)) : []
  if (operations.length === 0) return ctx.db.transaction().execute(write)
  // What WeCom hides is in the address book as it was written.
  await writeDirectory(ctx, corpId, operations, async (tx, written) => {
    await afterWrite(ctx, tx, corpId, written)
    await write(tx)
  })
}

function stored({ row, outcome }: Result) {
  const { n } = row
  switch (outcome.state) {
    case 'done':
      return { n, state: 'done' as const, result: null }
    case 'failed':
      return { n, state: 'failed' as const, result: wordsToStore(outcome.why) }
    case 'overtaken':
      return { n, state: 'overtaken' as const, result: wordsToStore(overtakenWords) }
    default:
      return { n, state: outcome.state === 'later' ? ('waits' as const) : ('sending' as const), result: null }
  }
}

function entityOf(row: RunRow, outcome: Outcome): string | undefined {
  const isWritten = outcome.state === 'done' && row.kind !== 'adopt' && row.kind !== 'department-adopt'
  if (!isWritten && !(outcome.state === 'failed' && outcome.exists)) return undefined
  return row.departmentId === null ? `user:${userKey(row.userId)}` : `party:${row.departmentId}`
}

function mirrored({ row, outcome }: Result, present: Present): Operation[] {
  if (outcome.state !== 'done' || row.kind === 'adopt' || row.kind === 'department-adopt') return []
  if (row.departmentId !== null)
    return [mirroredDepartment(row, row.departmentId, present.department(row.departmentId))]
  const before = present.memberOf(row)
  const userId = before?.userId ?? row.userId
  if (row.kind === 'delete') return [{ kind: 'member', op: 'drop', userId }]
  // The person joined in a batch before this one.
  if (row.kind === 'leader' && !before) return []
  return [memberPut(mirroredMember(userId, before, row.fields))]
}

/** An application that does not see a department tells no name of it. */
function mirroredDepartment(row: RunRow, id: number, before: Department | undefined): Operation {
  if (row.kind === 'department-remove') return { kind: 'department', op: 'drop', id }
  const name = row.fields.name?.[1] ?? before?.name ?? row.name
  const parentId = Number(row.fields.parent?.[1] ?? before?.parentId ?? 1)
  const sortNo = Number(row.fields.order?.[1] ?? before?.sortNo ?? 0)
  return {
    kind: 'department',
    op: 'put',
    department: { id, name, parentId, sortNo, leaders: before?.leaders ?? [] },
  }
}

async function noteWritten(
  tx: Db,
  run: Run,
  present: Present,
  results: readonly Result[],
  at: Date,
): Promise<void> {
  const whose = { corpId: run.corpId, sourceId: run.sourceId }
  const done = results.flatMap(({ row, outcome }) => (outcome.state === 'done' ? [row] : []))
  const departments = done.filter(one => one.departmentId !== null && one.key !== '')
  for (const { key, kind } of departments) if (kind === 'department-remove') await dropBinding(tx, whose, key)
  await putBindings(
    tx,
    whose,
    departments
      .filter(one => one.kind !== 'department-remove')
      .map(({ key, departmentId, kind }) => ({
        code: key,
        departmentId: departmentId as number,
        isOwn: kind === 'department-add',
      })),
  )
  const people = done.filter(one => one.departmentId === null && heldKey(one) !== '')
  const isKept = ({ kind, key }: RunRow) => kind !== 'delete' && (key !== '' || kind === 'leave')
  const kept = people.filter(isKept).map(row => writtenPerson(run, row, present, at))
  // Whom the source has from now on is no stranger to it any more.
  const known = kept.flatMap(({ key, memberId }) =>
    memberId === null || isStranger(key) ? [] : keyOfStranger(memberId),
  )
  await forgetPeople(tx, whose, [...people.filter(one => !isKept(one)).map(heldKey), ...known])
  await putPeople(tx, whose, kept)
}

/** '' for somebody who is not held. */
const heldKey = ({ key, memberId }: RunRow): string =>
  key === '' && memberId !== null ? keyOfStranger(memberId) : key

function writtenPerson(run: Run, row: RunRow, present: Present, at: Date): WrittenPerson {
  const held = present.heldOf(row)
  const values = Object.entries(row.fields).filter(([field]) => field !== 'enable')
  const written = Object.fromEntries(values.map(([field, change]) => [field, change?.[1] ?? ''])) as Values
  // An undo of fields says nothing of whether the person is in the source.
  const isKept = run.kind === 'undo' && row.kind !== 'return'
  const disabledAt = row.kind === 'leave' ? at : isKept ? (held?.disabledAt ?? null) : null
  const memberId =
    row.kind === 'join' ? null : (present.memberOf(row)?.id ?? row.memberId ?? held?.memberId ?? null)
  return {
    key: heldKey(row),
    memberId,
    userId: present.memberOf(row)?.userId ?? row.userId,
    written,
    disabledAt,
  }
}

async function endRun(ctx: WriteNeeds, held: ActiveTask, run: Run): Promise<void> {
  const { corpId, id } = run
  const progress = await progressOf(ctx.db, run)
  const { done, failed, overtaken } = progress
  const source = await findSource(ctx.db, corpId, run.sourceId)
  await ctx.db.transaction().execute(async tx => {
    if ((await findRun(tx, corpId, id))?.state !== 'writing') return
    const at = new Date(ctx.now())
    await setRun(tx, run, { state: 'done', endedAt: at, progress, failingSince: null, failure: null })
    await record(tx, ctx, {
      corpId,
      actor: run.approvedBy ?? 'wisp',
      act: 'source.write',
      target: `source:${run.sourceId}`,
      targetName: source?.name ?? '',
      detail: {
        'source.run': id,
        'source.done': done,
        'source.failed': failed + overtaken,
        ...auditedCounts(run.counts),
      },
    })
    await checkAlerts(ctx, tx, corpId)
    await holdLease(tx, held.lease)
  })
}

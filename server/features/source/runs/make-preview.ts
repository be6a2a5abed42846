import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { subtree } from '../../../organisation/directory/mirror/tree.ts'
import { allDepartments } from '../../../organisation/directory/store.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { ownTurn } from '../../../platform/operation/own-turn.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { wordsToStore } from '../../../platform/words.ts'
import {
  bindArrived,
  bindingsOf,
  forgetLeft,
  heldPeople,
  keptByOthers,
  membersAfter,
} from '../person-store.ts'
import { type Change, type Counts, phaseOf } from '../plan/changes.ts'
import { departmentsOfPaths, planDepartments, withoutOccupied } from '../plan/departments.ts'
import { PeoplePlanner } from '../plan/people.ts'
import type { Problem } from '../plan/problems.ts'
import { type Mapping, readPerson, type SourcePerson } from '../plan/read-record.ts'
import type { Reading } from '../read/columns.ts'
import { mappingOf } from '../settings.ts'
import { lockSource, putRead, type SourceRow } from '../source-store.ts'
import { employeeNoOf, knownMember } from './members.ts'
import { insertRows, insertRun, type RunRow, refusePreviews, setRun } from './run-store.ts'

export type PreviewNeeds = Core & { corps: Corps; mirrors: Mirrors }

const membersAtOnce = 2000
const rowsAtOnce = 2000
const linesInTurn = 2000

const replaced = { zh: '有了新的预览', en: 'there is a newer preview' }

/**
 * Compares a reading with the address book and stores what would be written, for approval; a run that writes nothing has ended. Earlier
 * previews of the source end. Returns the run and what it would do. Throws 1000 where the root is gone, or the settings changed meanwhile.
 */
export async function makePreview(
  ctx: PreviewNeeds,
  source: SourceRow,
  reading: Reading,
  { actor, nextAt }: { actor: string; nextAt: Date | null },
): Promise<{ runId: number; counts: Counts; isEmpty: boolean }> {
  const { changes, problems, counts } = await planOf(ctx, source, reading)
  await ownTurn()
  const rows = rowsOf(changes, problems)
  const isEmpty = !rows.some(one => one.state === 'waits')
  const at = new Date(ctx.now())
  const { corpId, id: sourceId, version } = source
  const runId = await ctx.db.transaction().execute(async tx => {
    const now = await lockSource(tx, corpId, sourceId)
    if (now?.version !== version)
      throw new ApiError('badParameter', {
        zh: '人事源的设置刚刚改了，没有预览；请重新预览',
        en: 'the settings of the source have just changed, so there is no preview: make another one',
      })
    await refusePreviews(tx, { corpId, sourceId }, wordsToStore(replaced), at)
    const run = {
      corpId,
      sourceId,
      kind: 'write',
      version,
      counts,
      undoOf: null,
      madeAt: at,
      madeBy: actor,
    } as const
    const id = await insertRun(tx, run)
    for (const page of pagesOf(rows, rowsAtOnce)) {
      await insertRows(tx, { corpId, id }, page)
      await ownTurn()
    }
    // There is nothing to approve.
    if (isEmpty) await setRun(tx, { corpId, id }, { state: 'done', endedAt: at })
    await putRead(tx, { corpId, id: sourceId }, { at, nextAt, columns: reading.columns })
    if (!isEmpty)
      await record(tx, ctx, {
        corpId,
        actor,
        act: 'source.preview',
        target: `source:${sourceId}`,
        targetName: source.name,
        detail: auditedCounts(counts),
      })
    await checkAlerts(ctx, tx, corpId)
    return id
  })
  return { runId, counts, isEmpty }
}

export function auditedCounts({ joiners, movers, changed, leavers, returned, deleted }: Counts) {
  return {
    'source.joiners': joiners,
    'source.moved': movers + changed + returned,
    'source.leavers': leavers + deleted,
  }
}

async function planOf(
  ctx: PreviewNeeds,
  source: SourceRow,
  { records, departments: given }: Reading,
): Promise<{ changes: Change[]; problems: Problem[]; counts: Counts }> {
  const { corpId, id: sourceId, settings } = source
  const whose = { corpId, sourceId }
  const mapping = mappingOf(settings)
  const { people, problems, wrongKeys, hasKeyless } = await peopleOf(records, mapping)
  await ctx.mirrors.load(corpId)
  await ctx.mirrors.refresh(corpId)
  const { tree } = ctx.mirrors.of(corpId)
  const rootNode = tree.get(settings.root)
  if (!rootNode)
    throw new ApiError('unknownDepartment', {
      zh: told`root：企业微信中没有部门 ${own(settings.root)}，没有预览`,
      en: told`root: there is no department ${own(settings.root)} in WeCom, and no preview`,
    })
  const below = new Set(subtree(tree, rootNode).map(one => one.department.id))
  const deleted = await ctx.db.transaction().execute(async tx => {
    await bindArrived(tx, whose, new Date(ctx.now()))
    return forgetLeft(tx, whose)
  })
  const paths =
    settings.departments === 'path' ? departmentsOfPaths(people, settings.pathSeparator) : undefined
  for (const one of people) if (paths && one.departments) one.departments = one.departments.map(paths.codeOf)
  const planned =
    settings.departments === 'none'
      ? { changes: [], problems: [], ids: new Map<string, number>() }
      : planDepartments({
          root: settings.root,
          known: await allDepartments(ctx.db, corpId),
          bindings: await bindingsOf(ctx.db, whose),
          source: paths?.departments ?? given ?? [],
        })
  const planner = new PeoplePlanner({
    fields: mapping.fields,
    people,
    wrongKeys,
    hasKeyless,
    held: await heldPeople(ctx.db, whose),
    deleted,
    others: await keptByOthers(ctx.db, whose),
    departments: planned.ids,
    root: settings.root,
    isBelow: id => below.has(id),
    covers: settings.covers,
    byEmployeeNo: settings.match === 'employeeNo' ? employeeNoOf : undefined,
    isRestricted: ctx.corps.get(corpId).regime === 'restricted',
  })
  const removed = removedBy(planned.changes)
  const inside = new Map<number, readonly number[]>()
  for (let after = 0; ; ) {
    const page = await membersAfter(ctx.db, corpId, after, membersAtOnce)
    for (const one of page) planner.see(knownMember(one))
    for (const one of page)
      if (one.departments.some(id => removed.has(id))) inside.set(one.id, one.departments)
    await ownTurn()
    const last = page.at(-1)
    if (!last || page.length < membersAtOnce) break
    after = last.id
  }
  const ended = await inTurns(planner.ending())
  const all = [...problems, ...planned.problems, ...ended.problems]
  const counts = { ...ended.counts, problems: all.length }
  const departments = withoutOccupied(planned.changes, ended.changes, inside)
  countDepartments(counts, departments)
  return { changes: [...departments, ...ended.changes], problems: all, counts }
}

async function inTurns<T>(pieces: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const piece = pieces.next()
    if (piece.done) return piece.value
    await ownTurn()
  }
}

function countDepartments(counts: Counts, departments: readonly Change[]): void {
  for (const { kind } of departments) {
    if (kind === 'department-add') counts.departmentsAdded++
    if (kind === 'department-set') counts.departmentsSet++
    if (kind === 'department-remove') counts.departmentsRemoved++
  }
}

function removedBy(changes: readonly Change[]): Set<number> {
  return new Set(changes.flatMap(one => (one.kind === 'department-remove' ? (one.departmentId ?? []) : [])))
}

async function peopleOf(
  records: Reading['records'],
  mapping: Mapping,
): Promise<{ people: SourcePerson[]; problems: Problem[]; wrongKeys: Set<string>; hasKeyless: boolean }> {
  const people: SourcePerson[] = []
  const problems: Problem[] = []
  const wrongKeys = new Set<string>()
  for (const one of records) {
    const { person, problems: found } = readPerson(one, mapping)
    problems.push(...found)
    if (person) people.push(person)
    else for (const { key } of found) wrongKeys.add(key)
    if (one.line % linesInTurn === 0) await ownTurn()
  }
  return { people, problems, hasKeyless: wrongKeys.delete(''), wrongKeys }
}

/** In the order in which they are written, errors of lines last. */
export function rowsOf(changes: readonly Change[], problems: readonly Problem[]): Omit<RunRow, 'at'>[] {
  const written = changes.map(({ memberId = null, departmentId = null, notes, ...change }) => ({
    ...change,
    phase: phaseOf(change.kind),
    memberId,
    departmentId,
    notes: [...notes],
    state: change.kind === 'drift' ? ('shown' as const) : ('waits' as const),
    result: null,
  }))
  const wrong = problems.map(({ line, key, field, why }) => ({
    kind: 'problem' as const,
    phase: 9,
    line,
    key,
    userId: '',
    memberId: null,
    departmentId: null,
    name: '',
    fields: field ? { [field]: ['', ''] as const } : {},
    notes: [],
    state: 'shown' as const,
    result: wordsToStore(why),
  }))
  const ordered = [...written].sort((a, b) => a.phase - b.phase)
  return [...ordered, ...wrong].map((row, index) => ({ ...row, n: index + 1 }))
}

function* pagesOf<T>(rows: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size)
}

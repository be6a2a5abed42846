import { setTimeout as delay } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { Corp } from '../corps/corps.ts'
import type { Db } from '../db.ts'
import { type UpstreamMember, userKey } from '../directory/members.ts'
import type { Mirror } from '../directory/mirror.ts'
import { buildTree, type Department } from '../directory/tree.ts'
import { differs, type Operation, writeDirectory } from '../directory/writer.ts'
import { explainErrcode, WecomError, WecomUnavailable } from '../upstream/wecom/errors.ts'
import { driftOf } from './drift.ts'
import { holdLease, type Lease } from './lease.ts'
import type { Counts, Progress, Run } from './runs.ts'
import * as runs from './runs.ts'
import type { Source } from './source.ts'
import type { Touched } from './touched.ts'

/** A run that stops here until somebody approves, or for good; the text is for people. */
export class RunStopped extends Error {
  readonly needsApproval: boolean
  constructor(message: string, needsApproval = false) {
    super(message)
    this.needsApproval = needsApproval
  }
}

/** What one run carries along. */
export type Sweep = {
  ctx: Context
  corp: Corp
  run: Run
  lease: Lease
  source: Source
  touched: Touched
  signal: AbortSignal
  /** Whether the mirror had anything: a first sync drifts from nothing. */
  isFirst: boolean
  /** When the present pass began to read. */
  startedAt: number
  /** Members that WeCom has, by userid in lower case. */
  seen: Set<string>
  pagesDone: Set<string>
  progress: Progress
  counts: Counts
  problems: Set<string>
  driftKept: number
}

const driftAtMost = 5000
const problemsAtMost = 200
const dropShareAllowed = 0.2
const dropsAllowed = 20

export function mirrorOf(sweep: Sweep): Mirror {
  return sweep.ctx.mirrors.of(sweep.corp.corpId)
}

export function addProblem(sweep: Sweep, problem: string): void {
  if (sweep.problems.size < problemsAtMost) sweep.problems.add(problem)
}

/** Reads everything that WeCom has of the corp and makes the mirror equal, or only says what differs. */
export async function sweepCorp(sweep: Sweep): Promise<void> {
  for (const problem of sweep.source.problems) addProblem(sweep, problem)
  const departments = await readDepartments(sweep)
  await write(
    sweep,
    '部门',
    departments.map(department => ({ kind: 'department', op: 'put', department })),
  )
  const ids = await patiently(sweep, () => sweep.source.memberIds())
  await sweepMembers(sweep, departments, ids)
  if (ids) await writeUnreadable(sweep, ids)
  await dropMembers(sweep)
  await dropDepartments(sweep, departments)
  await sweepTags(sweep)
}

async function readDepartments(sweep: Sweep): Promise<Department[]> {
  const departments = [
    ...new Map((await patiently(sweep, () => sweep.source.departments())).map(one => [one.id, one])).values(),
  ]
  const mirror = mirrorOf(sweep)
  if (departments.length === 0) {
    throw new RunStopped('企业微信返回的部门列表为空：请检查通讯录密钥的权限与应用的可见范围，通讯录保持原样')
  }
  const tree = buildTree(sweep.corp.corpId, departments)
  if (tree.cyclic.length > 0) addProblem(sweep, `部门 ${tree.cyclic.join('、')} 的上级成环，按顶级部门处理`)
  const known = new Set(departments.map(one => one.id))
  for (const { id, parentId } of departments) {
    if (parentId !== 0 && !known.has(parentId))
      addProblem(sweep, `部门 ${id} 的上级 ${parentId} 不可见，按顶级部门处理`)
  }
  if (!known.has(1)) addProblem(sweep, '根部门（1）不在可见范围内：只同步到部分通讯录')
  const drops = mirror.tree.order.filter(node => !known.has(node.department.id))
  checkThreshold(sweep, '部门', drops.length, mirror.tree.order.length)
  return departments
}

function checkThreshold(sweep: Sweep, what: string, drops: number, all: number): void {
  if (sweep.run.kind === 'dry-run' || sweep.run.approved) return
  if (drops > dropsAllowed && drops > all * dropShareAllowed) {
    throw new RunStopped(`将删除 ${all} 个${what}中的 ${drops} 个，超过 20%，请核实后批准`, true)
  }
}

const pagesAhead = 48
const writeAtMembers = 2000
const writeAtPages = 200

/** Departments are read side by side; what has come is written in batches meanwhile. */
async function sweepMembers(
  sweep: Sweep,
  departments: Department[],
  ids: Map<string, { userId: string; departments: number[] }> | undefined,
): Promise<void> {
  const open = departments.filter(one => !sweep.pagesDone.has(String(one.id)))
  sweep.progress.pagesTotal = departments.length
  let pages: runs.Page[] = []
  let members: UpstreamMember[] = []
  const flush = async () => {
    const [writtenPages, operations] = [
      pages,
      members.map(member => ({ kind: 'member', op: 'put', member }) as const),
    ]
    pages = []
    members = []
    sweep.progress.pagesDone += writtenPages.length
    await write(sweep, '成员', operations, tx => runs.addPages(tx, sweep.run.id, writtenPages))
  }
  for await (const { department, list, readAt } of readAhead(sweep, open)) {
    const userKeys = list.map(member => userKey(member.userId))
    for (const member of list) {
      if (ids && !ids.has(userKey(member.userId))) continue
      if (isNews(sweep, member, department.id, readAt)) members.push(member)
    }
    pages.push({ page: String(department.id), userKeys })
    if (members.length >= writeAtMembers || pages.length >= writeAtPages) await flush()
  }
  if (pages.length > 0) await flush()
}

async function* readAhead(sweep: Sweep, departments: Department[]) {
  const reading: Promise<{ department: Department; list: UpstreamMember[]; readAt: number }>[] = []
  const read = async (department: Department) => {
    const readAt = sweep.ctx.now()
    return { department, readAt, list: await patiently(sweep, () => sweep.source.membersOf(department.id)) }
  }
  let next = 0
  try {
    while (next < departments.length || reading.length > 0) {
      while (reading.length < pagesAhead && next < departments.length) {
        const one = read(departments[next++]!)
        // Awaited in its turn; a rejection before that must not end the process.
        one.catch(() => undefined)
        reading.push(one)
      }
      yield await reading.shift()!
    }
  } finally {
    await Promise.allSettled(reading)
  }
}

/** A member of several departments comes with each; what an event brought later than this page stays. */
function isNews(sweep: Sweep, member: UpstreamMember, departmentId: number, readAt: number): boolean {
  const key = userKey(member.userId)
  if (sweep.seen.has(key)) {
    if (member.departments.length < 2 && member.departments[0] === departmentId) {
      addProblem(sweep, `userid ${member.userId} 重复出现（大小写不同），只保留其一`)
    }
    return false
  }
  sweep.seen.add(key)
  sweep.progress.members++
  const unknown = member.departments.filter(id => !mirrorOf(sweep).tree.get(id))
  if (unknown.length > 0) addProblem(sweep, `成员 ${member.userId} 所在部门 ${unknown.join('、')} 不可见`)
  return sweep.touched.lastRead(`user:${key}`) <= readAt
}

/** Under restrictions: members whom no agent sees, by userid and departments alone. */
async function writeUnreadable(
  sweep: Sweep,
  ids: Map<string, { userId: string; departments: number[] }>,
): Promise<void> {
  const operations: Operation[] = []
  for (const [key, { userId, departments }] of ids) {
    if (sweep.seen.has(key)) continue
    sweep.seen.add(key)
    sweep.progress.members++
    if (sweep.touched.lastRead(`user:${key}`) > sweep.startedAt) continue
    const zeros = departments.map(() => 0)
    const member = {
      userId,
      departments,
      mainDepartment: departments[0] ?? 0,
      orders: zeros,
      leaderIn: zeros,
    }
    operations.push({ kind: 'member', op: 'put', member })
  }
  if (operations.length > 0)
    addProblem(sweep, `${operations.length} 名成员不在应用的可见范围内，只有账号与部门`)
  await writeInParts(sweep, '成员', operations)
}

/** Who was in no department. WeCom is asked once more for each: a page read while somebody moved shows them nowhere. */
async function dropMembers(sweep: Sweep): Promise<void> {
  const mirror = mirrorOf(sweep)
  const missing = [...mirror.members.all()].filter(
    core => !sweep.seen.has(core.key) && sweep.touched.lastRead(`user:${core.key}`) < sweep.startedAt,
  )
  checkThreshold(sweep, '成员', missing.length, mirror.members.size)
  if (missing.length === 0) return
  const ids = await patiently(sweep, () => sweep.source.memberIds())
  const found = await inParallel(missing, async core => {
    if (ids) return ids.has(core.key) ? 'unknown' : undefined
    return patiently(sweep, () => sweep.source.member(core.userId))
  })
  const operations = missing.flatMap((core, index): Operation[] => {
    const member = found[index]
    if (member === 'unknown') return []
    if (member) return [{ kind: 'member', op: 'put', member }]
    return [{ kind: 'member', op: 'drop', userId: core.userId }]
  })
  await writeInParts(sweep, '成员', operations)
}

async function dropDepartments(sweep: Sweep, departments: Department[]): Promise<void> {
  const known = new Set(departments.map(one => one.id))
  const operations = mirrorOf(sweep).tree.order.flatMap(({ department: { id } }): Operation[] =>
    known.has(id) || sweep.touched.lastRead(`party:${id}`) >= sweep.startedAt
      ? []
      : [{ kind: 'department', op: 'drop', id }],
  )
  await write(sweep, '部门', operations)
}

async function sweepTags(sweep: Sweep): Promise<void> {
  const listed = await patiently(sweep, () => sweep.source.tags())
  const tags = await inParallel(listed, ({ id }) => patiently(sweep, () => sweep.source.tag(id)))
  const known = new Set(listed.map(tag => tag.id))
  const isNewer = (id: number) => sweep.touched.lastRead(`tag:${id}`) >= sweep.startedAt
  const operations: Operation[] = [
    ...tags.flatMap((tag): Operation[] =>
      tag === undefined || tag === 'unknown' || isNewer(tag.id) ? [] : [{ kind: 'tag', op: 'put', tag }],
    ),
    ...[...mirrorOf(sweep).tags.keys()].flatMap((id): Operation[] =>
      known.has(id) || isNewer(id) ? [] : [{ kind: 'tag', op: 'drop', id }],
    ),
  ]
  await write(sweep, '标签', operations)
}

async function writeInParts(sweep: Sweep, phase: string, operations: Operation[]): Promise<void> {
  for (let at = 0; at < operations.length; at += writeAtMembers) {
    await write(sweep, phase, operations.slice(at, at + writeAtMembers))
  }
}

/** Notes the drift, then mends it with the run's progress in the same transaction. */
async function write(
  sweep: Sweep,
  phase: string,
  operations: Operation[],
  within?: (tx: Db) => Promise<void>,
): Promise<void> {
  sweep.signal.throwIfAborted()
  const { ctx, corp, run, lease } = sweep
  const changed = operations.filter(operation => differs(mirrorOf(sweep), operation))
  const drift = sweep.isFirst ? [] : await driftOf(ctx.db, mirrorOf(sweep), changed)
  const kept = drift.slice(0, Math.max(driftAtMost - sweep.driftKept, 0))
  countChanges(sweep, changed)
  sweep.progress.applied += changed.length
  const note = async (tx: Db) => {
    await holdLease(tx, lease)
    if (kept.length > 0) await runs.addDrift(tx, run.id, sweep.driftKept, kept)
    const { progress, counts } = sweep
    await runs.updateRun(
      tx,
      run.id,
      { phase, progress, counts, problems: [...sweep.problems] },
      new Date(ctx.now()),
    )
  }
  if (run.kind === 'dry-run') await ctx.db.transaction().execute(note)
  else {
    await writeDirectory(ctx, corp.corpId, changed, async tx => {
      await note(tx)
      await within?.(tx)
    })
  }
  sweep.driftKept += kept.length
}

function countChanges(sweep: Sweep, operations: readonly Operation[]): void {
  for (const { kind, op } of operations) if (op === 'put' || op === 'drop') sweep.counts[kind][op]++
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const step = 64
  for (let at = 0; at < items.length; at += step) {
    results.push(...(await Promise.all(items.slice(at, at + step).map(work))))
  }
  return results
}

const patienceMs = 30 * 60_000
const longestPauseMs = 60_000

/** WeCom busy, limiting or out of reach slows a run down instead of failing it; what only a person can mend ends it. */
async function patiently<T>(sweep: Sweep, read: () => Promise<T>): Promise<T> {
  const since = sweep.ctx.now()
  for (let pause = 1000; ; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      return await read()
    } catch (error) {
      sweep.signal.throwIfAborted()
      const isPassing =
        error instanceof WecomUnavailable ||
        (error instanceof WecomError && ['busy', 'limit'].includes(error.kind))
      if (!isPassing || sweep.ctx.now() - since > patienceMs) throw explained(error)
      await delay(pause, undefined, { signal: sweep.signal })
    }
  }
}

/** 48009 stays as it is: it tells the regime. */
function explained(error: unknown): unknown {
  if (!(error instanceof WecomError) || error.errcode === 48009) return error
  const { text, fix } = explainErrcode(error.errcode)
  const from = error.fromIp ? `（来自 ${error.fromIp}）` : ''
  return new RunStopped(`企业微信 ${error.errcode} ${text}${from}${fix ? `。${fix}` : ''}`)
}

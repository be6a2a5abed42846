import { setImmediate } from 'node:timers/promises'
import type { Words } from '../../../platform/words.ts'
import type { Department, Tag, UpstreamMember } from '../../directory/entities.ts'
import { isExternal } from '../../directory/mirror/members.ts'
import { buildTree, type DepartmentNode } from '../../directory/mirror/tree.ts'
import { memberHash } from '../../directory/write/difference.ts'
import { type MemberPutOperation, memberPut, type Operation } from '../../directory/write/plan.ts'
import type * as runs from './run-store.ts'
import { addProblem, inParallel, mirrorOf, patiently, phases, RunStopped, type Sweep } from './sweep.ts'
import { type Reading, since, write, writeAtMembers, writeInParts } from './sweep-write.ts'
import { checkDeletions } from './too-many-deletions.ts'

/** Reads a corp's whole address book from WeCom and makes the mirror equal to it; a dry run only notes the differences. */
export async function sweepCorp(sweep: Sweep): Promise<void> {
  for (const problem of sweep.source.problems) addProblem(sweep, problem)
  const departments = await readDepartments(sweep)
  const readings = departments.map(department =>
    since(sweep.begun, { kind: 'department', op: 'put', department }),
  )
  const idsMark = sweep.touched.mark()
  const queue = createWriteQueue(sweep)
  let ids: MemberIds
  let tags: TagReading
  try {
    await queue.add(phases.department, readings)
    ids = await patiently(sweep, () => sweep.source.memberIds())
    await sweepMembers(sweep, queue, departments, ids)
    // Tags are read while the last members are being written.
    tags = await readTags(sweep)
  } finally {
    await queue.end()
  }
  if (ids) await writeUnreadable(sweep, ids, idsMark)
  await dropMembers(sweep)
  await dropDepartments(sweep, departments)
  await writeTags(sweep, tags)
}

async function readDepartments(sweep: Sweep): Promise<Department[]> {
  const departments = [
    ...new Map((await patiently(sweep, () => sweep.source.departments())).map(one => [one.id, one])).values(),
  ]
  const mirror = mirrorOf(sweep)
  if (departments.length === 0) {
    throw new RunStopped({
      zh: '企业微信返回的部门列表为空：请检查通讯录密钥的权限与应用的可见范围，通讯录保持原样',
      en: 'the list of departments from WeCom is empty: check the permissions of the contacts sync secret and the visible range of the app; the address book stays as it was',
    })
  }
  const tree = buildTree(sweep.corp.corpId, departments)
  if (tree.cyclic.length > 0)
    addProblem(sweep, {
      zh: `部门 ${tree.cyclic.join('、')} 的上级成环，按顶级部门处理`,
      en: `the parents of departments ${tree.cyclic.join(', ')} form a circle: taken as top departments`,
    })
  const known = new Set(departments.map(one => one.id))
  for (const { id, parentId } of departments) {
    if (parentId !== 0 && !known.has(parentId))
      addProblem(sweep, {
        zh: `部门 ${id} 的上级 ${parentId} 不可见，按顶级部门处理`,
        en: `${parentId}, the parent of department ${id}, is not visible: ${id} is taken as a top department`,
      })
  }
  if (!known.has(1))
    addProblem(sweep, {
      zh: '根部门（1）不在可见范围内：只同步到部分通讯录',
      en: 'the root department (1) is outside the visible range: only a part of the address book is synced',
    })
  const drops = mirror.tree.order.filter(node => !known.has(node.department.id))
  await checkDeletions(sweep, phases.department, drops.map(dropOf), mirror.tree.order.length)
  return departments
}

const pagesAhead = 48
const writeEveryMs = 1000
/** How many batches may wait to be written, so that reading seldom has to wait for writing. */
const batchesAhead = 1

type MemberIds = Awaited<ReturnType<Sweep['source']['memberIds']>>

/** Reads departments in parallel and writes their members in batches at the same time. */
async function sweepMembers(
  sweep: Sweep,
  queue: WriteQueue,
  departments: Department[],
  ids: MemberIds,
): Promise<void> {
  const open = departments.filter(one => !sweep.pagesDone.has(String(one.id)))
  const known = new Set(departments.map(one => one.id))
  sweep.progress.pagesTotal = departments.length
  let pages: runs.Page[] = []
  let members: Reading[] = []
  let writtenAt = performance.now()
  for await (const { department, list, mark } of readAhead(sweep, open)) {
    const page: runs.Page = { page: String(department.id), userKeys: [] }
    for (const member of list) {
      const put = memberPut(member)
      page.userKeys.push(put.key)
      if (ids && !ids.has(put.key)) continue
      if (!isFirst(sweep, put, department.id, known)) continue
      memberHash(put)
      members.push(since(mark, put))
    }
    pages.push(page)
    const now = performance.now()
    if (now - writtenAt >= writeEveryMs || members.length >= writeAtMembers) {
      await queue.add(phases.member, members, pages)
      pages = []
      members = []
      writtenAt = now
    }
    // Processing all pages that are ready without a pause would block the batch being written, and everybody else.
    await setImmediate()
  }
  if (pages.length > 0) await queue.add(phases.member, members, pages)
}

type WriteQueue = ReturnType<typeof createWriteQueue>

/** Writes batches one after the other while the next ones are read. */
function createWriteQueue(sweep: Sweep) {
  let writing: Promise<void> = Promise.resolve()
  const waiting: Promise<void>[] = []
  return {
    /** Resolves when there is room for another batch. Rejects when an earlier one could not be written. */
    async add(phase: Words, readings: Reading[], pages: runs.Page[] = []): Promise<void> {
      writing = writing.then(() => {
        sweep.progress.pagesDone += pages.length
        return write(sweep, phase, readings, pages)
      })
      // The promise is awaited later; without this handler, an earlier rejection would end the process.
      writing.catch(() => undefined)
      if (waiting.push(writing) > batchesAhead) await waiting.shift()
    },
    /** Settles when all batches have been written or one has failed. */
    end: () => writing,
  }
}

async function* readAhead(sweep: Sweep, departments: Department[]) {
  const reading: Promise<{ department: Department; list: UpstreamMember[]; mark: number }>[] = []
  const read = async (department: Department) => {
    const mark = sweep.touched.mark()
    return { department, mark, list: await patiently(sweep, () => sweep.source.membersOf(department.id)) }
  }
  let next = 0
  try {
    while (next < departments.length || reading.length > 0) {
      while (reading.length < pagesAhead && next < departments.length) {
        const one = read(departments[next++]!)
        // The promise is awaited later; without this handler, an earlier rejection would end the process.
        one.catch(() => undefined)
        reading.push(one)
      }
      yield await reading.shift()!
    }
  } finally {
    await Promise.allSettled(reading)
  }
}

/** A member of several departments is listed in each of them; only the first occurrence counts. */
function isFirst(
  sweep: Sweep,
  { key, member }: MemberPutOperation,
  departmentId: number,
  known: ReadonlySet<number>,
): boolean {
  const before = sweep.seen.size
  if (sweep.seen.add(key).size === before) {
    if (member.departments.length < 2 && member.departments[0] === departmentId) {
      addProblem(sweep, {
        zh: `userid ${member.userId} 重复出现（大小写不同），只保留其一`,
        en: `userid ${member.userId} comes more than once (in upper and lower case), only one is kept`,
      })
    }
    return false
  }
  sweep.progress.members++
  if (!member.departments.every(id => known.has(id))) {
    const unknown = member.departments.filter(id => !known.has(id))
    addProblem(sweep, {
      zh: `成员 ${member.userId} 所在部门 ${unknown.join('、')} 不可见`,
      en: `member ${member.userId} is in departments that are not visible: ${unknown.join(', ')}`,
    })
  }
  return true
}

/** Under restrictions, writes the members that no agent can see; only their userids and departments are known. */
async function writeUnreadable(
  sweep: Sweep,
  ids: Map<string, { userId: string; departments: number[] }>,
  mark: number,
): Promise<void> {
  const readings: Reading[] = []
  for (const [key, { userId, departments }] of ids) {
    if (sweep.seen.has(key)) continue
    sweep.seen.add(key)
    sweep.progress.members++
    const zeros = departments.map(() => 0)
    const member = {
      userId,
      departments,
      mainDepartment: departments[0] ?? 0,
      orders: zeros,
      leaderIn: zeros,
    }
    readings.push(since(mark, memberPut(member)))
  }
  if (readings.length > 0)
    addProblem(sweep, {
      zh: `${readings.length} 名成员不在应用的可见范围内，只有账号与部门`,
      en: `members outside the visible range of the app, known by userid and departments only: ${readings.length}`,
    })
  await writeInParts(sweep, phases.member, readings)
}

/**
 * Drops members that were in no department. WeCom is asked once more for each, because somebody who moved between two reads
 * is missing from both departments' lists.
 */
async function dropMembers(sweep: Sweep): Promise<void> {
  const mirror = mirrorOf(sweep)
  const missing = [...mirror.members.all()].filter(
    core =>
      !isExternal(core) &&
      !sweep.seen.has(core.key) &&
      !sweep.touched.readSince(`user:${core.key}`, sweep.begun),
  )
  await checkDeletions(
    sweep,
    phases.member,
    missing.map(core => ({ kind: 'member', op: 'drop', userId: core.userId })),
    mirror.members.size,
  )
  if (missing.length === 0) return
  const mark = sweep.touched.mark()
  const ids = await patiently(sweep, () => sweep.source.memberIds())
  const found = await inParallel(missing, async core => {
    if (ids) return ids.has(core.key) ? 'unknown' : undefined
    return patiently(sweep, () => sweep.source.member(core.userId))
  })
  const readings = missing.flatMap((core, index): Reading[] => {
    const member = found[index]
    if (member === 'unknown') return []
    if (member) return [since(mark, memberPut(member))]
    return [since(mark, { kind: 'member', op: 'drop', userId: core.userId })]
  })
  await writeInParts(sweep, phases.member, readings)
}

async function dropDepartments(sweep: Sweep, departments: Department[]): Promise<void> {
  const known = new Set(departments.map(one => one.id))
  const gone = mirrorOf(sweep).tree.order.filter(node => !known.has(node.department.id))
  await write(
    sweep,
    phases.department,
    gone.map(node => since(sweep.begun, dropOf(node))),
  )
}

function dropOf({ department }: DepartmentNode): Operation {
  return { kind: 'department', op: 'drop', id: department.id }
}

type TagReading = { mark: number; listed: Set<number>; tags: Tag[] }

async function readTags(sweep: Sweep): Promise<TagReading> {
  const mark = sweep.touched.mark()
  const listed = await patiently(sweep, () => sweep.source.tags())
  const tags = await inParallel(listed, ({ id }) => patiently(sweep, () => sweep.source.tag(id)))
  return {
    mark,
    listed: new Set(listed.map(tag => tag.id)),
    tags: tags.filter(tag => tag !== undefined && tag !== 'unknown'),
  }
}

async function writeTags(sweep: Sweep, { mark, listed, tags }: TagReading): Promise<void> {
  const gone = [...mirrorOf(sweep).tags.keys()].filter(id => !listed.has(id))
  await write(sweep, phases.tag, [
    ...tags.map(tag => since(mark, { kind: 'tag', op: 'put', tag })),
    ...gone.map(id => since(mark, { kind: 'tag', op: 'drop', id })),
  ])
}
